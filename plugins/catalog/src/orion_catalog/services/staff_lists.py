"""The store team's lists: products in every state, imports, refused rows, figures for the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, column, func, select
from sqlalchemy.orm import Session

from orion_catalog.models import FeedImport, FeedImportError, Product, ProductCategory
from orion_catalog.services.keyset import SORTS, comes_after, key_values, order_by
from orion_core.context import current_context
from orion_core.errors import InvalidInput

Key = tuple[Any, ...]
STAFF_SORTS = ("newest", "name", "-name", "price", "-price")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffQuery:
    q: str = ""
    status: str = ""
    category_id: UUID | None = None
    sort: str = "newest"


def list_products(
    session: Session, query: StaffQuery, limit: int, after: Key | None = None
) -> tuple[list[Product], Key | None]:
    """Return a page of products and the key of the next one."""
    if query.sort not in STAFF_SORTS:
        raise InvalidInput(errors={"sort": f"one of {', '.join(STAFF_SORTS)}"})
    sort = SORTS[query.sort]
    keys = [getattr(Product, name) for name in sort.columns]
    chosen = select(Product).order_by(*order_by(sort, keys)).limit(limit + 1)
    if query.sort.endswith("price"):
        chosen = chosen.where(Product.price_minor.is_not(None))
    if query.status:
        chosen = chosen.where(Product.status == query.status)
    if query.category_id:
        links = select(ProductCategory.product_id).where(ProductCategory.category_id == query.category_id)
        chosen = chosen.where(Product.id.in_(links))
    if query.q:
        chosen = chosen.where(Product.id.in_(hits(query.q)))
    values: dict[str, Any] = {}
    if after:
        chosen = chosen.where(comes_after(sort, keys))
        values = key_values(sort, after)
    found = list(session.scalars(chosen, values))
    more, found = len(found) > limit, found[:limit]
    return found, tuple(getattr(found[-1], name) for name in sort.columns) if more else None


def hits(words: str) -> Any:
    """Return the statement that finds products of the current store by words."""
    configuration = func.catalog.text_configuration(current_context().store.locale)
    ranked = func.catalog.search_products(words, configuration, 2000)
    found = ranked.table_valued(column("product_id", Uuid()), column("rank", Integer()))
    return select(found.c.product_id)


def count_by_status(session: Session) -> dict[str, int]:
    counted = select(Product.status, func.count()).group_by(Product.status)
    return {row[0]: row[1] for row in session.execute(counted)}


def list_imports(session: Session, limit: int = 20, after: UUID | None = None) -> list[FeedImport]:
    """Return the latest imports, newest first."""
    chosen = select(FeedImport).order_by(FeedImport.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(FeedImport.id < after)
    return list(session.scalars(chosen))


def list_import_errors(session: Session, import_id: UUID, limit: int, after_row: int = 0) -> list[FeedImportError]:
    """Return refused rows in file order."""
    chosen = select(FeedImportError).where(FeedImportError.import_id == import_id, FeedImportError.row > after_row)
    return list(session.scalars(chosen.order_by(FeedImportError.row).limit(limit)))


def figures(session: Session) -> dict[str, Any]:
    """Return what the store's dashboard shows of the catalogue."""
    latest = list_imports(session, 1)
    return {"products": count_by_status(session), "last_import": latest[0] if latest else None}
