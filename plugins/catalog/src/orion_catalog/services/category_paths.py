"""Finds or makes the categories a feed names by paths such as ``Home > Gifts``."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.models import Category
from orion_catalog.services.slugs import distinct, slugify

Names = tuple[str, ...]


class CategoryPaths:
    """Remembers the store's categories during an import; after a rolled back transaction start a new one."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(Category.path, Category.id, Category.slug)).all()
        self._by_path = {path: category_id for path, category_id, _ in rows}
        self._slugs = {slug for _, _, slug in rows}
        self._by_names: dict[Names, UUID] = {}

    def ids(self, session: Session, paths: Iterable[Names]) -> list[UUID]:
        """Return the categories of these paths, making what is missing."""
        return list(dict.fromkeys(self._find(session, names) for names in paths))

    def _find(self, session: Session, names: Names) -> UUID:
        known = self._by_names.get(names)
        if known is None:
            known = self._by_names[names] = self._find_or_make(session, names)
        return known

    def _find_or_make(self, session: Session, names: Names) -> UUID:
        path = path_of(names)
        if path in self._by_path:
            return self._by_path[path]
        parent_id = self._find(session, names[:-1]) if len(names) > 1 else None
        slug = distinct((slugify(names[-1]), slugify("-".join(names))), self._slugs)
        category = Category(parent_id=parent_id, path=path, slug=slug, name=names[-1])
        session.add(category)
        session.flush()
        self._by_path[path] = category.id
        return category.id


def path_of(names: Names) -> str:
    return "".join(f"{slugify(name)}/" for name in names)
