"""What tests of stock start from: locations, articles with pieces on the shelf, and the sums that must always hold."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from orion_catalog.models import Variant
from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_inventory.models import Inventory, InventoryTransaction, Location
from orion_inventory.services import demand as stock
from orion_inventory.services.ledger import Cause, Move, lock, post
from tests.modules.catalog.market import add_product

# Written apart from the module's own proof, so that the two check each other.
_WRONG = text("""
    SELECT i.id FROM inventory.inventory i
    WHERE NOT (i.on_hand, i.reserved, i.unavailable, i.entries) = (
        SELECT coalesce(sum(t.on_hand_change), 0), coalesce(sum(t.reserved_change), 0),
               coalesce(sum(t.unavailable_change), 0), count(*)
        FROM inventory.inventory_transactions t WHERE t.inventory_id = i.id
    ) OR i.reserved <> (SELECT coalesce(sum(a.quantity), 0) FROM inventory.allocations a WHERE a.inventory_id = i.id)
""")


def add_location(session: Session, code: str = "main", **values: Any) -> Location:
    location = Location(code=code, name=code.title(), **values)
    session.add(location)
    session.flush()
    return location


def add_variant(sku: str = "A-1", pieces: Mapping[str, int] | None = None, **values: Any) -> UUID:
    """Make an article with pieces at locations, which are made with priorities in the order given."""
    add_product(sku, **values)
    with unit_of_work() as session:
        variant_id = session.scalars(select(Variant.id).where(Variant.sku == sku)).one()
        for place, (code, count) in enumerate((pieces or {}).items()):
            location = session.scalar(select(Location).where(Location.code == code))
            location = location or add_location(session, code, priority=place)
            session.add(Inventory(id=new_id(), variant_id=variant_id, location_id=location.id, low_stock_at=2))
            session.flush()
            put(session, variant_id, location.id, count)
    return variant_id


def put(session: Session, variant_id: UUID, location_id: UUID, count: int) -> None:
    locked = lock(session, [variant_id])
    level = next(level for level in locked.of(variant_id) if level.location_id == location_id)
    if count:
        post(session, locked, [Move(level, "receipt", on_hand=count)], Cause())


def counters(variant_id: UUID) -> dict[str, tuple[int, int, int]]:
    """Return on hand, reserved and unavailable by location."""
    columns = (Location.code, Inventory.on_hand, Inventory.reserved, Inventory.unavailable)
    chosen = select(*columns).join(Location, Location.id == Inventory.location_id)
    with unit_of_work() as session:
        rows = session.execute(chosen.where(Inventory.variant_id == variant_id)).all()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def available(variant_id: UUID, cart_id: UUID | None = None) -> int | None:
    with unit_of_work() as session:
        return stock.available(session, [variant_id], cart_id).get(variant_id)


def soon(minutes: float = 10) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def kinds(variant_id: UUID) -> list[str]:
    chosen = select(InventoryTransaction.kind).join(Inventory, Inventory.id == InventoryTransaction.inventory_id)
    with unit_of_work() as session:
        chosen = chosen.where(Inventory.variant_id == variant_id)
        return list(session.scalars(chosen.order_by(InventoryTransaction.at, InventoryTransaction.id)))


def assert_proven(context: RequestContext) -> None:
    """The ledger adds up to the counters, and the open allocations to what is reserved."""
    with use_context(context), unit_of_work() as session:
        assert session.execute(_WRONG).all() == []
        assert session.scalar(select(func.count()).select_from(Inventory)) != 0
