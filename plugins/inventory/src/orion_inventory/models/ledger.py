"""The ledger: every change of a counter with its cause; and what the nightly proof found wrong with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped
from orion_core.db.mixins import one_of, tenant_reference
from orion_inventory.models.base import Base

KINDS = (
    "receipt",
    "allocation",
    "release",
    "shipment",
    "return",
    "adjustment",
    "write_off",
    "transfer_out",
    "transfer_in",
    "stocktake",
)
RULES = {
    "allocation_promises": "kind <> 'allocation' OR (on_hand_change = 0 AND reserved_change > 0)",
    "release_takes_back": "kind <> 'release' OR (on_hand_change = 0 AND reserved_change < 0)",
    "shipment_leaves": "kind <> 'shipment' OR (on_hand_change < 0 AND reserved_change <= 0)",
    "promises_have_an_order": "(reserved_change = 0 AND kind NOT IN ('shipment', 'return')) OR order_id IS NOT NULL",
    "shipment_has_a_fulfilment": "kind <> 'shipment' OR fulfilment_id IS NOT NULL",
    "return_has_its_record": "kind <> 'return' OR return_id IS NOT NULL",
    "transfer_has_its_record": "kind NOT IN ('transfer_out', 'transfer_in') OR transfer_id IS NOT NULL",
    "stocktake_has_its_record": "kind <> 'stocktake' OR stocktake_id IS NOT NULL",
    "has_a_reason": "kind NOT IN ('adjustment', 'write_off') OR reason <> ''",
}
"""What each kind of row has to look like."""


class InventoryTransaction(StoreScoped, Identified, Base):
    """One change of one place's counters, numbered without gaps. Append-only."""

    __tablename__ = "inventory_transactions"
    __table_args__ = (
        tenant_reference(("inventory_id",), "inventory.inventory"),
        UniqueConstraint("store_id", "inventory_id", "number"),
        one_of("kind", KINDS, "kind"),
        *(CheckConstraint(rule, name=name) for name, rule in RULES.items()),
        Index("ix_inventory_transactions_order", "store_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    )

    inventory_id: Mapped[UUID]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    on_hand_change: Mapped[int]
    reserved_change: Mapped[int]
    unavailable_change: Mapped[int]
    on_hand_after: Mapped[int]
    reserved_after: Mapped[int]
    unavailable_after: Mapped[int]
    order_id: Mapped[UUID | None]
    fulfilment_id: Mapped[UUID | None]
    return_id: Mapped[UUID | None]
    transfer_id: Mapped[UUID | None]
    stocktake_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_name: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class LedgerMismatch(StoreScoped, Identified, Base):
    """A counter that differs from what the records add up to; open until a proof finds it right."""

    __tablename__ = "ledger_mismatches"
    __table_args__ = (
        tenant_reference(("inventory_id",), "inventory.inventory"),
        one_of("counter", ("on_hand", "reserved", "unavailable", "allocations", "entries"), "counter"),
        Index(
            "uq_ledger_mismatches_open",
            "store_id",
            "inventory_id",
            "counter",
            unique=True,
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    inventory_id: Mapped[UUID]
    counter: Mapped[str] = mapped_column(Text)
    counted: Mapped[int]
    """What the counter says."""
    proven: Mapped[int]
    """What the records add up to."""
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())
    resolved_at: Mapped[datetime | None]
