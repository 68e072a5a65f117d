"""What leaves the house and what comes back: fulfilments, returns, and changes of an order."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_orders.models.base import Base

PARCEL_STATES = (
    "pending",
    "picking",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
    "lost",
    "returned_to_sender",
)
RETURN_KINDS = ("return", "withdrawal", "exchange")
RETURN_STATES = ("requested", "approved", "rejected", "in_transit", "received", "refunded", "closed")
CONDITIONS = ("resellable", "damaged", "quarantine")
CHANGE_STATES = ("draft", "requested", "confirmed", "declined", "cancelled")


class Fulfilment(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A parcel, or goods to collect."""

    __tablename__ = "fulfilments"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders"),
        UniqueConstraint("store_id", "order_id", "number"),
        one_of("status", PARCEL_STATES, "status"),
    )

    order_id: Mapped[UUID]
    number: Mapped[int]
    """Counts the order's parcels."""
    status: Mapped[str] = mapped_column(Text, default="pending")
    carrier: Mapped[str] = mapped_column(Text, default="")
    tracking_code: Mapped[str] = mapped_column(Text, default="")
    tracking_url: Mapped[str] = mapped_column(Text, default="")
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class FulfilmentItem(StoreScoped, Base):
    __tablename__ = "fulfilment_items"
    __table_args__ = (
        tenant_reference(("fulfilment_id",), "orders.fulfilments", ondelete="CASCADE"),
        tenant_reference(("item_id",), "orders.order_items"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    fulfilment_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]


class OrderReturn(StoreScoped, Versioned, Timestamped, Identified, Base):
    """Goods on their way back. A withdrawal is one that the buyer need not explain (directive 2011/83/EU, art. 9)."""

    __tablename__ = "returns"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders"),
        UniqueConstraint("store_id", "order_id", "number"),
        Index("ix_returns_status", "store_id", "status", "created_at"),
        one_of("kind", RETURN_KINDS, "kind"),
        one_of("status", RETURN_STATES, "status"),
        CheckConstraint("refund_minor >= 0", name="refund"),
    )

    order_id: Mapped[UUID]
    number: Mapped[int]
    """Counts the order's returns."""
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="requested")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_note: Mapped[str] = mapped_column(Text, default="")
    acknowledged_at: Mapped[datetime | None]
    """When the receipt of a withdrawal was sent, which the law asks for without delay."""
    received_at: Mapped[datetime | None]
    refund_minor: Mapped[int] = mapped_column(default=0)


class ReturnItem(StoreScoped, Base):
    __tablename__ = "return_items"
    __table_args__ = (
        tenant_reference(("return_id",), "orders.returns", ondelete="CASCADE"),
        tenant_reference(("item_id",), "orders.order_items"),
        CheckConstraint("quantity > 0 AND received BETWEEN 0 AND quantity", name="quantity"),
        one_of("condition", CONDITIONS, "condition"),
    )

    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    condition: Mapped[str | None] = mapped_column(Text)


class OrderChange(StoreScoped, Versioned, Timestamped, Identified, Base):
    """An edit of a placed order: shown with its effect on the money first, then applied whole or not at all."""

    __tablename__ = "order_changes"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders"),
        tenant_reference(("return_id",), "orders.returns"),
        Index("ix_order_changes_order", "store_id", "order_id", "created_at"),
        one_of("status", CHANGE_STATES, "status"),
    )

    order_id: Mapped[UUID]
    return_id: Mapped[UUID | None]
    """The return whose goods these are exchanged for."""
    status: Mapped[str] = mapped_column(Text, default="draft")
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """``{"add": variant_id, "quantity": n}`` and ``{"cancel": item_id, "quantity": n}``."""
    delta_minor: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    actor_name: Mapped[str] = mapped_column(Text)
