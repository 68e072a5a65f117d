"""The proof: counters are what the ledger adds up to, and what is reserved is promised to somebody.

Nothing is repaired: a difference means that something wrote past the ledger, and that has to be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_core.ids import new_id
from orion_core.services.audit import audit
from orion_inventory.events import LedgerMismatchFound
from orion_inventory.models import Inventory, InventoryTransaction, LedgerMismatch

# One statement, hence one snapshot: what others change meanwhile is seen in counters and records alike, or in neither.
_COMPARE = text("""
    WITH sums AS (
        SELECT store_id, inventory_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved,
               sum(unavailable_change) AS unavailable, count(*) AS entries
        FROM inventory.inventory_transactions GROUP BY store_id, inventory_id
    ), promised AS (
        SELECT store_id, inventory_id, sum(quantity) AS pieces
        FROM inventory.allocations WHERE quantity > 0 GROUP BY store_id, inventory_id
    )
    SELECT i.store_id, i.id, v.counter, v.counted, v.proven
    FROM inventory.inventory i
    LEFT JOIN sums s ON s.store_id = i.store_id AND s.inventory_id = i.id
    LEFT JOIN promised p ON p.store_id = i.store_id AND p.inventory_id = i.id
    CROSS JOIN LATERAL (VALUES
        ('on_hand', i.on_hand, coalesce(s.on_hand, 0)),
        ('reserved', i.reserved, coalesce(s.reserved, 0)),
        ('unavailable', i.unavailable, coalesce(s.unavailable, 0)),
        ('entries', i.entries, coalesce(s.entries, 0)),
        ('allocations', i.reserved, coalesce(p.pieces, 0))
    ) AS v(counter, counted, proven)
    WHERE v.counted <> v.proven
    ORDER BY i.store_id, i.id, v.counter
    LIMIT 10000
""")


class Difference(NamedTuple):
    """A counter that is wrong."""

    store_id: UUID
    inventory_id: UUID
    counter: str
    counted: int
    proven: int


def find_differences(session: Session) -> list[Difference]:
    """Return what is wrong in the current store, or with a platform-wide session in all."""
    return [Difference(*row) for row in session.execute(_COMPARE)]


def count_proven(session: Session) -> tuple[int, int]:
    """Return how many places and ledger rows a proof looks at."""
    tables = (Inventory, InventoryTransaction)
    places, rows = (session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    return places, rows


def prove(session: Session) -> list[Difference]:
    """Write down what is wrong in all stores, tell of it once, close what is right again. A platform-wide session."""
    found = find_differences(session)
    known = {(row.store_id, row.inventory_id, row.counter): row for row in list_mismatches(session, 10_000)}
    for difference in found:
        if known.pop(difference[:3], None) is None:
            _report(session, difference)
    for right_again in known.values():
        right_again.resolved_at = datetime.now(UTC)
    return found


def list_mismatches(session: Session, limit: int = 200) -> Sequence[LedgerMismatch]:
    """Return what the last proof found and no later one has found right."""
    chosen = select(LedgerMismatch).where(LedgerMismatch.resolved_at.is_(None))
    return session.scalars(chosen.order_by(LedgerMismatch.id.desc()).limit(limit)).all()


def _report(session: Session, difference: Difference) -> None:
    values: dict[str, Any] = difference._asdict()
    row = insert(LedgerMismatch).values(id=new_id(), **values).on_conflict_do_nothing().returning(LedgerMismatch)
    mismatch = session.scalars(row).one_or_none()
    if mismatch is None:  # another proof was faster
        return
    plain = {"store_id": str(difference.store_id), "inventory_id": str(difference.inventory_id)}
    audit(session, "inventory.find_mismatch", mismatch, **{**values, **plain})
    publish(session, LedgerMismatchFound(**values))
