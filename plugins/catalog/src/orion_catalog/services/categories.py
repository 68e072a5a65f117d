"""The tree of categories: made, renamed, moved, removed, and read as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion_catalog.exceptions import CategoryInUse, CategoryNotFound, CodeTaken
from orion_catalog.models import Category, ProductCategory
from orion_catalog.schemas import CategoryInput
from orion_catalog.services.slugs import slugify
from orion_core.context import current_context
from orion_core.db import duplicate_key
from orion_core.errors import InvalidInput, StaleVersion
from orion_core.services.audit import audit

_TREE = text("""
    SELECT id, parent_id, slug, coalesce(names ->> :locale, name) AS name, path, position, image
    FROM catalog.categories ORDER BY position, name, id LIMIT 2000
""")


@dataclass(slots=True)
class Node:
    """A category in the reader's language, with those below it."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name: str
    path: str
    position: int
    image: str | None
    children: list[Node] = field(default_factory=list)


def get_tree(session: Session) -> list[Node]:
    """Return the top categories, each with its own below."""
    rows = session.connection().execute(_TREE, {"locale": current_context().locale})
    nodes = {row[0]: Node(*row) for row in rows}
    for node in nodes.values():
        if node.parent_id in nodes:
            nodes[node.parent_id].children.append(node)
    return [node for node in nodes.values() if node.parent_id not in nodes]


def flatten(nodes: list[Node], depth: int = 0) -> list[tuple[int, Node]]:
    """Return the tree as lines with their depth."""
    return [line for node in nodes for line in ((depth, node), *flatten(node.children, depth + 1))]


def trail(nodes: list[Node], slug: str) -> list[Node]:
    """Return the way from the top to the category of this address; empty if there is none."""
    for node in nodes:
        if node.slug == slug:
            return [node]
        below = trail(node.children, slug)
        if below:
            return [node, *below]
    return []


def get_category(session: Session, category_id: UUID) -> Category:
    found = session.scalars(select(Category).where(Category.id == category_id)).one_or_none()
    if found is None:
        raise CategoryNotFound
    return found


def list_categories(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.path).limit(2000)))


def create_category(session: Session, given: CategoryInput) -> Category:
    slug = given.slug or slugify(given.name)
    category = Category(
        **_values(given), slug=slug, parent_id=given.parent_id, path=_path(session, given.parent_id, slug)
    )
    session.add(category)
    _flush(session)
    audit(session, "catalog.create_category", category, name=category.name)
    return category


def edit_category(session: Session, category_id: UUID, given: CategoryInput, version: int | None) -> Category:
    category = get_category(session, category_id)
    if version is not None and category.version != version:
        raise StaleVersion
    for name, value in _values(given).items():
        setattr(category, name, value)
    category.slug = given.slug or category.slug
    if given.parent_id != category.parent_id:
        _move(session, category, given.parent_id)
    _flush(session)
    audit(session, "catalog.edit_category", category, name=category.name)
    return category


def delete_category(session: Session, category_id: UUID) -> None:
    """Remove a category; its products stay.

    Raises:
        CategoryInUse: There are categories below it.
    """
    category = get_category(session, category_id)
    if session.scalar(select(func.count()).where(Category.parent_id == category.id)):
        raise CategoryInUse
    audit(session, "catalog.delete_category", category, name=category.name)
    session.delete(category)
    _flush(session)


def count_products(session: Session) -> dict[UUID, int]:
    """Return how many products each category holds itself."""
    counted = select(ProductCategory.category_id, func.count()).group_by(ProductCategory.category_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _values(given: CategoryInput) -> dict[str, Any]:
    return {"name": given.name, "names": given.names, "position": given.position, "image": given.image}


def _path(session: Session, parent_id: UUID | None, slug: str) -> str:
    return f"{get_category(session, parent_id).path if parent_id else ''}{slug}/"


def _move(session: Session, category: Category, parent_id: UUID | None) -> None:
    old, new = category.path, _path(session, parent_id, category.path.split("/")[-2])
    if new.startswith(old):
        raise InvalidInput(errors={"parent_id": "a category cannot be moved below itself"})
    for below in session.scalars(select(Category).where(Category.path.startswith(old, autoescape=True))):
        below.path = new + below.path.removeprefix(old)
    category.parent_id = parent_id


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if not duplicate_key(error):
            raise
        raise CodeTaken(errors={"slug": "another category has this address"}) from error
