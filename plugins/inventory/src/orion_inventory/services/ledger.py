"""The ledger: the only writer of counters and allocations. First lock the variants, then post what changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.db import Prepared
from orion_core.events import publish
from orion_core.ids import new_id
from orion_inventory.events import LowStock, StockChanged
from orion_inventory.exceptions import NotEnoughStock

# In the order of keys that never change: two transactions that want the same variants wait, but never for each other.
# Lists stand in a subquery here for the reason that orion_core.db.any_of gives.
_LOCK = Prepared(
    text("""
        SELECT i.variant_id, i.id, i.location_id, i.bin, i.on_hand, i.reserved, i.unavailable, i.low_stock_at,
               l.is_active, l.priority
        FROM inventory.inventory i
        JOIN inventory.locations l ON l.store_id = i.store_id AND l.id = i.location_id
        WHERE i.store_id = :store_id AND i.variant_id = ANY(ARRAY(SELECT unnest(CAST(:variant_ids AS uuid[]))))
        ORDER BY i.variant_id, i.id
        FOR NO KEY UPDATE OF i
    """)
)
_POST = Prepared(
    text("""
        WITH moves AS (
            SELECT * FROM jsonb_to_recordset(CAST(:moves AS jsonb))
            AS m(id uuid, inventory_id uuid, kind text, on_hand int, reserved int, unavailable int)
        ), changed AS (
            UPDATE inventory.inventory i
            SET on_hand = i.on_hand + m.on_hand, reserved = i.reserved + m.reserved,
                unavailable = i.unavailable + m.unavailable, entries = i.entries + 1, updated_at = now()
            FROM moves m
            WHERE i.store_id = :store_id AND i.id = ANY(ARRAY(SELECT inventory_id FROM moves))
              AND i.id = m.inventory_id
            RETURNING i.id, i.on_hand, i.reserved, i.unavailable, i.entries
        ), promised AS (
            INSERT INTO inventory.allocations AS a (store_id, order_id, inventory_id, quantity)
            SELECT :store_id, CAST(:order_id AS uuid), inventory_id, reserved FROM moves WHERE reserved > 0
            ON CONFLICT (store_id, order_id, inventory_id) DO UPDATE SET quantity = a.quantity + excluded.quantity
        ), kept AS (
            UPDATE inventory.allocations a SET quantity = a.quantity + m.reserved
            FROM moves m
            WHERE m.reserved < 0 AND a.store_id = :store_id AND a.order_id = CAST(:order_id AS uuid)
              AND a.inventory_id = m.inventory_id
        )
        INSERT INTO inventory.inventory_transactions (
            store_id, id, inventory_id, number, kind, on_hand_change, reserved_change, unavailable_change,
            on_hand_after, reserved_after, unavailable_after,
            order_id, fulfilment_id, return_id, transfer_id, stocktake_id, reason, actor_name, actor_id
        )
        SELECT :store_id, m.id, m.inventory_id, c.entries, m.kind, m.on_hand, m.reserved, m.unavailable,
               c.on_hand, c.reserved, c.unavailable,
               CAST(:order_id AS uuid), CAST(:fulfilment_id AS uuid), CAST(:return_id AS uuid),
               CAST(:transfer_id AS uuid), CAST(:stocktake_id AS uuid), :reason, :actor_name, CAST(:actor_id AS uuid)
        FROM moves m JOIN changed c ON c.id = m.inventory_id
        RETURNING inventory_id
    """)
)
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Level:
    """The counters of one place, locked until the transaction ends."""

    variant_id: UUID
    id: UUID
    location_id: UUID
    bin: str
    on_hand: int
    reserved: int
    unavailable: int
    low_stock_at: int | None
    is_active: bool
    priority: int

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def is_low(self) -> bool:
        return self.low_stock_at is not None and self.free <= self.low_stock_at


@dataclass(frozen=True, slots=True)
class Move:
    """A signed change of a place's counters; ``reserved`` changes what is promised to the cause's order."""

    level: Level
    kind: str
    on_hand: int = 0
    reserved: int = 0
    unavailable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why it changes."""

    order_id: UUID | None = None
    fulfilment_id: UUID | None = None
    return_id: UUID | None = None
    transfer_id: UUID | None = None
    stocktake_id: UUID | None = None
    reason: str = ""


class Stock:
    """The locked places of some variants, each variant's in the order in which orders take from them."""

    def __init__(self, levels: Iterable[Level]) -> None:
        self.by_variant: dict[UUID, list[Level]] = defaultdict(list)
        for level in sorted(levels, key=lambda level: (level.priority, level.id)):
            self.by_variant[level.variant_id].append(level)

    def of(self, variant_id: UUID) -> list[Level]:
        return self.by_variant.get(variant_id, [])

    def find(self, inventory_id: UUID) -> Level | None:
        return next((each for levels in self.by_variant.values() for each in levels if each.id == inventory_id), None)

    def free(self, variant_id: UUID) -> int:
        """Return how many pieces at active places are not promised to orders."""
        return sum(level.free for level in self.of(variant_id) if level.is_active)


def lock(session: Session, variant_ids: Iterable[UUID]) -> Stock:
    """Lock all places of these variants until the transaction ends, and return them as they are now."""
    values = {"store_id": current_context().store_id, "variant_ids": list(variant_ids)}
    return Stock(Level(*row) for row in _LOCK.rows(session, values))


def post(session: Session, stock: Stock, moves: Sequence[Move], cause: Cause) -> None:
    """Change counters and write the ledger, in one statement.

    Args:
        session: The session whose transaction has locked ``stock``.
        stock: All places of the variants that change; their counters follow.
        moves: At most one for each place.
        cause: Of all of them.

    Raises:
        NotEnoughStock: If a counter would fall below zero, or below what is promised.
    """
    if not moves:
        return
    if len({move.level.id for move in moves}) < len(moves):
        raise ValueError("a place changes once in a posting")
    variants = dict.fromkeys(move.level.variant_id for move in moves)
    before = {variant_id: stock.free(variant_id) for variant_id in variants}
    low = {move.level.id for move in moves if move.level.is_low}
    for move in moves:
        _apply(move)
    written = _POST.rows(session, _values(moves, cause))
    if len(written) != len(moves):
        raise LookupError("a place to be changed is not this store's")
    _tell(session, stock, moves, before, low)


def _apply(move: Move) -> None:
    level = move.level
    on_hand, reserved = level.on_hand + move.on_hand, level.reserved + move.reserved
    unavailable = level.unavailable + move.unavailable
    if not 0 <= reserved <= on_hand or unavailable < 0:
        raise NotEnoughStock(free=level.free, unavailable=level.unavailable)
    level.on_hand, level.reserved, level.unavailable = on_hand, reserved, unavailable


def _values(moves: Sequence[Move], cause: Cause) -> dict[str, Any]:
    context = current_context()
    actor = context.actor or SYSTEM
    rows = [
        {
            "id": new_id(),
            "inventory_id": move.level.id,
            "kind": move.kind,
            "on_hand": move.on_hand,
            "reserved": move.reserved,
            "unavailable": move.unavailable,
        }
        for move in moves
    ]
    return {
        "store_id": context.store_id,
        "moves": _encode(rows).decode(),
        "order_id": cause.order_id,
        "fulfilment_id": cause.fulfilment_id,
        "return_id": cause.return_id,
        "transfer_id": cause.transfer_id,
        "stocktake_id": cause.stocktake_id,
        "reason": cause.reason,
        "actor_name": actor.name,
        "actor_id": actor.id,
    }


def _tell(session: Session, stock: Stock, moves: Sequence[Move], before: dict[UUID, int], low: set[UUID]) -> None:
    crossed = {move.level.variant_id for move in moves if move.level.is_low != (move.level.id in low)}
    for move in moves:
        level = move.level
        if level.is_low and level.id not in low:
            publish(session, LowStock(variant_id=level.variant_id, location_id=level.location_id, available=level.free))
    for variant_id, was in before.items():
        now = stock.free(variant_id)
        if (was > 0) != (now > 0) or variant_id in crossed:
            publish(session, StockChanged(variant_id=variant_id, available=now))
