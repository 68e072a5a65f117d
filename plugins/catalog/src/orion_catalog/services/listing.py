"""The shop's product lists: statements built once per kind of list, rows straight into cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

from orion_catalog.models import Category, Product, ProductCategory
from orion_catalog.services.keyset import SORTS, comes_after, key_values, order_by
from orion_core.context import current_context
from orion_core.db import Prepared
from orion_core.errors import InvalidInput
from orion_core.money import Money

FEW = 1000
"""Up to so many products a category is small: sorting them all costs less than looking for them in order."""
MOST_HITS = 2000
"""Hits of a search that are ranked; nobody pages further than that."""

Key = tuple[Any, ...]
"""Sort key of the last row seen."""

_PRODUCTS = Product.__table__
_CATEGORIES = Category.__table__
_LINKS = ProductCategory.__table__


class Card(msgspec.Struct):
    """What a list shows of a product. Prices in minor units."""

    id: UUID
    slug: str
    title: str
    brand: str | None
    image: str | None
    price_minor: int
    max_price_minor: int
    compare_at_minor: int | None
    currency: str
    in_stock: bool

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def compare_at(self) -> Money | None:
        return None if self.compare_at_minor is None else Money(self.compare_at_minor, self.currency)


@dataclass(slots=True)
class Found:
    """A page of a list, and the key its last row leaves for the next page."""

    items: list[Card]
    next_key: tuple[Any, ...] | None = None
    corrected: str | None = None
    """What was searched for instead, if nothing was found for the words given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a shopper asks of a list. Prices in minor units."""

    q: str = ""
    category: str = ""
    brand: str = ""
    min_price: int | None = None
    max_price: int | None = None
    in_stock: bool = False
    sort: str = ""

    def inside(self, category: str) -> ListQuery:
        """Return the same question asked of one category."""
        return replace(self, category=category)

    def order(self) -> str:
        wanted = self.sort or ("relevance" if self.q else "featured")
        return "featured" if wanted == "relevance" and not self.q else wanted

    def filters(self) -> tuple[str, ...]:
        return tuple(name for name in _FILTERS if getattr(self, name) not in ("", None, False))


_FILTERS = ("q", "category", "brand", "min_price", "max_price", "in_stock")


def list_cards(session: Session, query: ListQuery, limit: int, after: Key | None = None) -> Found:
    """Return a page of the store's active products.

    Raises:
        InvalidInput: The order is unknown, or the cursor belongs to another one.
    """
    page = _page(session, query, limit, after)
    if page.items or not query.q or after:
        return page
    corrected = _corrected(session, query.q)
    if corrected is None:
        return page
    page = _page(session, replace(query, q=corrected), limit, after)
    page.corrected = corrected if page.items else None
    return page


def _page(session: Session, query: ListQuery, limit: int, after: Key | None) -> Found:
    order = query.order()
    if order not in SORTS:
        raise InvalidInput(f"there is no order {order!r}", errors={"sort": f"one of {', '.join(SORTS)}"})
    filters = query.filters()
    values: dict[str, Any] = {name: getattr(query, name) for name in filters if name != "in_stock"}
    values |= {"locale": current_context().locale, "limit": limit + 1}
    if after:
        values |= key_values(SORTS[order], after)
    small = "category" in filters and _is_small(session, query.category)
    statement = hot_cards(order, filters, after=after is not None, small_category=small)
    rows = statement.rows(session, values)
    more = len(rows) > limit
    rows = rows[:limit]
    width = len(Card.__struct_fields__)
    items = [Card(*row[:width]) for row in rows]
    return Found(items, tuple(rows[-1][width:]) if more else None)


@lru_cache(maxsize=512)
def hot_cards(order: str, filters: tuple[str, ...], *, after: bool = False, small_category: bool = False) -> Prepared:
    """Return the compiled statement for lists of this kind."""
    return Prepared(card_statement(order, filters, after=after, small_category=small_category))


def card_statement(order: str, filters: tuple[str, ...], *, after: bool, small_category: bool = False) -> Select[Any]:
    """Return the statement for lists of this kind; its columns are the card's, then the sort key."""
    sort, table = SORTS[order], _PRODUCTS.c
    source, rank = _source("q" in filters)
    keys: list[ColumnElement[Any]] = [rank if name == "rank" else table[name] for name in sort.columns]
    statement = select(*_card_columns(), *keys).select_from(source)
    # Written out, not bound: the indexes of lists hold active products only.
    statement = statement.where(literal_column("status") == literal_column("'active'"), table.price_minor.is_not(None))
    conditions = _CONDITIONS | ({"category": _among_few} if small_category else {})
    statement = statement.where(*(conditions[name]() for name in filters if name in conditions))
    if after:
        statement = statement.where(comes_after(sort, keys))
    return statement.order_by(*order_by(sort, keys)).limit(bindparam("limit", type_=Integer()))


def _source(searched: bool) -> tuple[FromClause, ColumnElement[Any]]:  # noqa: FBT001
    if not searched:
        return _PRODUCTS, literal_column("0")
    configuration = func.catalog.text_configuration(bindparam("locale", type_=Text()))
    hits = func.catalog.search_products(bindparam("q", type_=Text()), configuration, MOST_HITS)
    found = hits.table_valued(column("product_id", Uuid()), column("rank", Integer()), name="hit")
    return found.join(_PRODUCTS, _PRODUCTS.c.id == found.c.product_id), found.c.rank


def _card_columns() -> list[ColumnElement[Any]]:
    table, locale = _PRODUCTS.c, bindparam("locale", type_=Text())

    def translated(position: int, otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
        texts = table.translations.op("->")(locale)
        return func.coalesce(texts.op("->>")(literal_column(str(position))), otherwise)

    return [
        table.id,
        translated(1, table.slug),
        translated(0, table.title),
        table.brand,
        table.image,
        table.price_minor,
        table.max_price_minor,
        table.compare_at_minor,
        table.currency,
        table.in_stock,
    ]


def _below() -> ColumnElement[Any]:
    """The ids of the category of that address and those below it, looked up once per statement."""
    root = select(_CATEGORIES.c.path).where(_CATEGORIES.c.slug == bindparam("category", type_=Text()))
    below = select(_CATEGORIES.c.id).where(func.starts_with(_CATEGORIES.c.path, root.scalar_subquery()))
    return any_(func.array(below.scalar_subquery()))


def _in_category() -> ColumnElement[bool]:
    """For a large category: asked of each product in the order of the list, until the page is full.

    As a scalar and not as EXISTS, which the planner would turn into a join over the whole store.
    """
    link = select(literal(True)).where(_LINKS.c.product_id == _PRODUCTS.c.id, _LINKS.c.category_id == _below())
    return link.limit(1).scalar_subquery().is_(True)


def _among_few() -> ColumnElement[bool]:
    """For a small category: its products are fetched and sorted."""
    ids = select(_LINKS.c.product_id).where(_LINKS.c.category_id == _below())
    return _PRODUCTS.c.id == any_(func.array(ids.scalar_subquery()))


@lru_cache(maxsize=1)
def _first_links() -> Prepared:
    few = select(_LINKS.c.product_id).where(_LINKS.c.category_id == _below()).limit(FEW + 1)
    return Prepared(select(func.count()).select_from(few.subquery()))


def _is_small(session: Session, category: str) -> bool:
    ((links,),) = _first_links().rows(session, {"category": category})
    return bool(links <= FEW)


_CONDITIONS: dict[str, Any] = {
    "category": _in_category,
    "brand": lambda: _PRODUCTS.c.brand == bindparam("brand", type_=Text()),
    "min_price": lambda: _PRODUCTS.c.price_minor >= bindparam("min_price", type_=Integer()),
    "max_price": lambda: _PRODUCTS.c.price_minor <= bindparam("max_price", type_=Integer()),
    "in_stock": lambda: _PRODUCTS.c.in_stock.is_(True),
}

_CLOSEST = text("""
    SELECT coalesce(catalog.closest_word(catalog.plain(lower(word))), word)
    FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS given(word, place) ORDER BY place
""")


def _corrected(session: Session, words: str) -> str | None:
    given = words.split()[:8]
    found: Sequence[str] = session.scalars(_CLOSEST, {"words": given}).all()
    corrected = " ".join(found)
    return corrected if corrected.lower() != " ".join(given).lower() else None
