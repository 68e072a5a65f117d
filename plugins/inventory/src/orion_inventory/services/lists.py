"""What the team looks at: stock by article, why a number is what it is, what runs low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from orion_catalog.api import SaleItem, find_variants, get_variant, search_variants
from orion_core.errors import InvalidInput
from orion_inventory.models import Allocation, Inventory, InventoryTransaction, Location, Reservation
from orion_inventory.services.demand import available

Key = tuple[Any, ...]
MOST_HITS = 2000
FREE = Inventory.on_hand - Inventory.reserved
IS_LOW = and_(Inventory.low_stock_at >= FREE, Location.is_active)
_PLACE = and_(Location.id == Inventory.location_id, Location.store_id == Inventory.store_id)


@dataclass(frozen=True, slots=True)
class StockLine:
    """An article over all its places."""

    variant_id: UUID
    sku: str
    title: str
    on_hand: int
    reserved: int
    unavailable: int
    available: int
    is_low: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why so many pieces of an article are available."""

    item: SaleItem
    available: int | None
    places: Sequence[Row[Inventory, Location]]
    promises: Sequence[Row[UUID, int]]
    holds: Sequence[Reservation]

    @property
    def on_hand(self) -> int:
        return sum(place.on_hand for place, location in self.places if location.is_active)

    @property
    def reserved(self) -> int:
        return sum(place.reserved for place, location in self.places if location.is_active)

    @property
    def held(self) -> int:
        return sum(hold.quantity for hold in self.holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockQuery:
    q: str = ""
    location_id: UUID | None = None
    show: str = ""


def list_stock(
    session: Session, query: StockQuery, limit: int, after: Key | None
) -> tuple[list[StockLine], Key | None]:
    """Return a page of tracked articles and the key of the next one."""
    sums = [func.sum(getattr(Inventory, name)) for name in ("on_hand", "reserved", "unavailable")]
    is_low = func.coalesce(func.bool_or(IS_LOW), False)
    chosen = select(Inventory.variant_id, *sums, is_low).join(Location, _PLACE).group_by(Inventory.variant_id)
    if query.q:
        chosen = chosen.where(Inventory.variant_id.in_(search_variants(session, query.q, MOST_HITS)))
    if query.location_id:
        chosen = chosen.where(Inventory.location_id == query.location_id)
    if query.show == "low":
        chosen = chosen.having(is_low)
    elif query.show == "out":
        chosen = chosen.having(func.sum(FREE) == 0)
    if after:
        chosen = chosen.where(Inventory.variant_id > _uuid(after[0]))
    rows = session.execute(chosen.order_by(Inventory.variant_id).limit(limit + 1)).all()
    more, rows = len(rows) > limit, rows[:limit]
    return _named(session, rows), (str(rows[-1][0]),) if more else None


def explain(session: Session, variant_id: UUID) -> Explanation:
    item = get_variant(session, variant_id)
    places = session.execute(
        select(Inventory, Location)
        .join(Location, _PLACE)
        .where(Inventory.variant_id == variant_id)
        .order_by(Location.priority, Location.code, Inventory.bin)
        .execution_options(populate_existing=True)
    ).all()
    ids = [place.id for place, _ in places]
    promises = session.execute(
        select(Allocation.order_id, func.sum(Allocation.quantity))
        .where(Allocation.inventory_id.in_(ids), Allocation.quantity > 0)
        .group_by(Allocation.order_id)
        .order_by(Allocation.order_id.desc())
        .limit(200)
    ).all()
    running = (Reservation.variant_id == variant_id, Reservation.expires_at > datetime.now(UTC))
    holds = session.scalars(select(Reservation).where(*running).order_by(Reservation.expires_at).limit(200)).all()
    there = available(session, [variant_id], None).get(variant_id)
    return Explanation(item, there, places, promises, holds)


def list_transactions(
    session: Session, variant_id: UUID, limit: int, after: Key | None
) -> tuple[list[InventoryTransaction], Key | None]:
    """Return a page of an article's ledger, newest first, and the key of the next one."""
    get_variant(session, variant_id)
    row = InventoryTransaction
    places = select(Inventory.id).where(Inventory.variant_id == variant_id)
    chosen = select(row).where(row.inventory_id.in_(places)).order_by(row.id.desc()).limit(limit + 1)
    if after:
        chosen = chosen.where(row.id < _uuid(after[0]))
    found = list(session.scalars(chosen))
    return found[:limit], (str(found[limit - 1].id),) if len(found) > limit else None


def figures(session: Session) -> dict[str, Any]:
    """Return what the store's dashboard shows: how many articles run low, and the lowest of them."""
    low = select(Inventory.variant_id).join(Location, _PLACE).where(IS_LOW).group_by(Inventory.variant_id)
    count = session.scalar(select(func.count()).select_from(low.subquery())) or 0
    lines, _ = list_stock(session, StockQuery(show="low"), 8, None)
    return {"low_count": count, "low": lines}


def _named(session: Session, rows: Sequence[Any]) -> list[StockLine]:
    ids = [row[0] for row in rows]
    items, there = find_variants(session, ids), available(session, ids, None)
    return [
        StockLine(
            variant_id=variant_id,
            sku=items[variant_id].sku,
            title=items[variant_id].title,
            on_hand=on_hand,
            reserved=reserved,
            unavailable=unavailable,
            available=there.get(variant_id) or 0,
            is_low=is_low,
        )
        for variant_id, on_hand, reserved, unavailable, is_low in rows
    ]


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise InvalidInput("this cursor is not valid; start again without one") from error
