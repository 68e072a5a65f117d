"""What orders ask of stock: what can be bought, holds of carts, promises to orders, shipments and returns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import Prepared
from orion_core.services.settings import get_settings
from orion_inventory.config import InventoryConfig
from orion_inventory.models import Reservation
from orion_inventory.services.ledger import Cause, Level, Move, Stock, lock, post

Demand = Mapping[UUID, int]

_AVAILABLE = Prepared(
    text("""
        SELECT i.variant_id, coalesce(sum(i.on_hand - i.reserved) FILTER (WHERE l.is_active), 0) - coalesce((
            SELECT sum(r.quantity) FROM inventory.reservations r
            WHERE r.store_id = :store_id AND r.variant_id = i.variant_id AND r.expires_at > :now
              AND r.cart_id IS DISTINCT FROM CAST(:cart_id AS uuid)
        ), 0)
        FROM inventory.inventory i
        JOIN inventory.locations l ON l.store_id = i.store_id AND l.id = i.location_id
        WHERE i.store_id = :store_id AND i.variant_id = ANY(ARRAY(SELECT unnest(CAST(:variant_ids AS uuid[]))))
        GROUP BY i.variant_id
    """)
)
# Asked after the lock, in a statement of its own: only its snapshot shows what others held while we waited.
_END_HOLD = Prepared(
    text("""
        WITH own AS (
            DELETE FROM inventory.reservations
            WHERE store_id = :store_id AND cart_id = CAST(:cart_id AS uuid)
        )
        SELECT variant_id, sum(quantity) FROM inventory.reservations
        WHERE store_id = :store_id AND variant_id = ANY(ARRAY(SELECT unnest(CAST(:variant_ids AS uuid[]))))
          AND expires_at > :now AND cart_id IS DISTINCT FROM CAST(:cart_id AS uuid)
        GROUP BY variant_id
    """)
)
_PROMISED = Prepared(
    text("""
        SELECT inventory_id, quantity FROM inventory.allocations
        WHERE store_id = :store_id AND order_id = :order_id AND quantity > 0
    """)
)
_SHIPPED_FROM = Prepared(
    text("""
        SELECT DISTINCT inventory_id FROM inventory.inventory_transactions
        WHERE store_id = :store_id AND order_id = :order_id AND kind = 'shipment'
    """)
)


def available(session: Session, variant_ids: Iterable[UUID], cart_id: UUID | None) -> dict[UUID, int | None]:
    """Return how many pieces can be bought; variants that are not tracked are left out."""
    wanted = list(variant_ids)
    rows = _AVAILABLE.rows(session, {**_asked(wanted, cart_id), "now": datetime.now(UTC)})
    found: dict[UUID, int | None] = {variant_id: max(0, int(pieces)) for variant_id, pieces in rows}
    untracked = [variant_id for variant_id in wanted if variant_id not in found]
    return found | dict.fromkeys(_refused(session, untracked), 0)


def hold(session: Session, cart_id: UUID, demand: Demand, until: datetime) -> dict[UUID, int]:
    """Hold pieces for a cart instead of what it held; return how many there are of what is short."""
    if not demand:
        session.execute(delete(Reservation).where(Reservation.cart_id == cart_id))
        return {}
    stock, short = _lock_and_compare(session, cart_id, demand)
    rows = [
        {"cart_id": cart_id, "variant_id": variant_id, "quantity": pieces, "expires_at": until}
        for variant_id, pieces in demand.items()
        if stock.of(variant_id) and variant_id not in short
    ]
    if rows:
        session.execute(insert(Reservation), rows)
    return short


def allocate(session: Session, order_id: UUID, cart_id: UUID | None, demand: Demand) -> dict[UUID, int]:
    """Promise pieces to an order and end the hold of its cart; return how many there are of what is short."""
    stock, short = _lock_and_compare(session, cart_id, demand)
    if short:
        return short
    moves = [
        Move(level, "allocation", reserved=taken)
        for variant_id, pieces in demand.items()
        for level, taken in _spread(stock.of(variant_id), pieces)
    ]
    post(session, stock, moves, Cause(order_id=order_id))
    return {}


def release(session: Session, order_id: UUID, demand: Demand) -> None:
    """Take back what was promised, from the last place first, and never more than was."""
    stock, promised = _lock_promised(session, order_id, demand)
    moves = []
    for variant_id, pieces in demand.items():
        left = pieces
        for level in reversed(stock.of(variant_id)):
            given_back = min(left, promised.get(level.id, 0))
            left -= given_back
            if given_back:
                moves.append(Move(level, "release", reserved=-given_back))
    post(session, stock, moves, Cause(order_id=order_id))


def ship(session: Session, order_id: UUID, fulfilment_id: UUID, demand: Demand) -> None:
    """Take out what left the house: first what was promised, then what is free, as far as there is any."""
    stock, promised = _lock_promised(session, order_id, demand)
    out: Counter[UUID] = Counter()
    kept: Counter[UUID] = Counter()
    for variant_id, pieces in demand.items():
        left = pieces
        for level in stock.of(variant_id):
            kept[level.id] = min(left, promised.get(level.id, 0))
            left -= kept[level.id]
        for level, taken in _spread(stock.of(variant_id), left):
            out[level.id] = taken
    moves = [
        Move(level, "shipment", on_hand=-kept[level.id] - out[level.id], reserved=-kept[level.id])
        for levels in stock.by_variant.values()
        for level in levels
        if kept[level.id] or out[level.id]
    ]
    post(session, stock, moves, Cause(order_id=order_id, fulfilment_id=fulfilment_id))


def take_back(session: Session, order_id: UUID, return_id: UUID, goods: Iterable[tuple[UUID, int, str]]) -> None:
    """Put returned pieces where they were shipped from; only resellable ones can be sold again."""
    sellable: dict[UUID, int] = defaultdict(int)
    others: dict[UUID, int] = defaultdict(int)
    for variant_id, pieces, condition in goods:
        (sellable if condition == "resellable" else others)[variant_id] += pieces
    stock = lock(session, sorted({*sellable, *others}))
    origins = {row[0] for row in _SHIPPED_FROM.rows(session, _of_order(order_id))}
    moves = [
        Move(_home(levels, origins), "return", on_hand=sellable[variant_id], unavailable=others[variant_id])
        for variant_id, levels in stock.by_variant.items()
        if sellable[variant_id] or others[variant_id]
    ]
    post(session, stock, moves, Cause(order_id=order_id, return_id=return_id))


def _lock_and_compare(session: Session, cart_id: UUID | None, demand: Demand) -> tuple[Stock, dict[UUID, int]]:
    """Lock what is asked for, end the cart's own hold, and return how many there are of what is short."""
    stock = lock(session, demand)
    held = dict(_END_HOLD.rows(session, {**_asked(list(demand), cart_id), "now": datetime.now(UTC)}))
    short: dict[UUID, int] = {}
    untracked = []
    for variant_id, pieces in demand.items():
        if not stock.of(variant_id):
            untracked.append(variant_id)
            continue
        there = stock.free(variant_id) - int(held.get(variant_id, 0))
        if there < pieces:
            short[variant_id] = max(0, there)
    return stock, short | dict.fromkeys(_refused(session, untracked), 0)


def _lock_promised(session: Session, order_id: UUID, demand: Demand) -> tuple[Stock, dict[UUID, int]]:
    stock = lock(session, demand)
    return stock, dict(_PROMISED.rows(session, _of_order(order_id)))


def _spread(levels: Iterable[Level], pieces: int) -> list[tuple[Level, int]]:
    """Spread pieces over active places in their order, as far as they are free."""
    taken = []
    for level in levels:
        part = min(pieces, level.free) if level.is_active else 0
        if part > 0:
            taken.append((level, part))
            pieces -= part
    return taken


def _home(levels: list[Level], origins: set[UUID]) -> Level:
    """Return the place a piece was shipped from, else the first active one, else the first."""
    return min(levels, key=lambda level: (level.id not in origins, not level.is_active, level.priority, level.id))


def _refused(session: Session, untracked: list[UUID]) -> list[UUID]:
    if not untracked or get_settings(session, InventoryConfig).untracked_sells:
        return []
    return untracked


def _asked(variant_ids: list[UUID], cart_id: UUID | None) -> dict[str, object]:
    return {"store_id": current_context().store_id, "variant_ids": variant_ids, "cart_id": cart_id}


def _of_order(order_id: UUID) -> dict[str, object]:
    return {"store_id": current_context().store_id, "order_id": order_id}
