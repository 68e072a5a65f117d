"""Papers that move stock: transfers between places, stocktakes, and the steps of their lives."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_inventory.machines import STOCKTAKE, TRANSFER
from orion_inventory.models.base import Base


class Transfer(StoreScoped, Versioned, Timestamped, Identified, Base):
    __tablename__ = "transfers"
    __table_args__ = (
        tenant_reference(("source_id",), "inventory.locations"),
        tenant_reference(("target_id",), "inventory.locations"),
        one_of("state", TRANSFER.states, "state"),
        CheckConstraint("source_id <> target_id", name="goes_somewhere"),
    )

    source_id: Mapped[UUID]
    target_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text, default="draft")
    note: Mapped[str] = mapped_column(Text, default="")


class TransferLine(StoreScoped, Base):
    __tablename__ = "transfer_lines"
    __table_args__ = (
        tenant_reference(("transfer_id",), "inventory.transfers", ondelete="CASCADE"),
        tenant_reference(("variant_id",), "catalog.variants"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
    )

    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)


class Stocktake(StoreScoped, Versioned, Timestamped, Identified, Base):
    __tablename__ = "stocktakes"
    __table_args__ = (
        tenant_reference(("location_id",), "inventory.locations"),
        one_of("state", STOCKTAKE.states, "state"),
    )

    location_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text, default="open")
    note: Mapped[str] = mapped_column(Text, default="")


class StocktakeLine(StoreScoped, Base):
    """One place to count. The difference is taken when it is counted, so that sales go on meanwhile."""

    __tablename__ = "stocktake_lines"
    __table_args__ = (
        tenant_reference(("stocktake_id",), "inventory.stocktakes", ondelete="CASCADE"),
        tenant_reference(("inventory_id",), "inventory.inventory"),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("(counted IS NULL) = (expected IS NULL)", name="counted_against"),
    )

    stocktake_id: Mapped[UUID] = mapped_column(primary_key=True)
    inventory_id: Mapped[UUID] = mapped_column(primary_key=True)
    counted: Mapped[int | None]
    expected: Mapped[int | None]
    """What the counter said at the moment of counting."""
    counted_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class Step(StoreScoped, Identified, Base):
    """A step in the life of a transfer or stocktake. Append-only."""

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_record", "store_id", "record_id", "at"),)

    machine: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
