"""Orders: snapshots of what was bought, at which price and tax, and the history of what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_orders.models.base import Base

CHANNELS = ("shop", "staff", "import")
ORDER_STATES = ("draft", "pending", "confirmed", "completed", "expired", "declined", "cancelled")
PAYMENT_STATES = ("unpaid", "partially_paid", "paid", "overpaid", "partially_refunded", "refunded")
FULFILMENT_STATES = ("unfulfilled", "partial", "fulfilled", "delivered", "partially_returned", "returned")
ITEM_KINDS = ("product", "shipping")
CREDIT_KINDS = ("cancelled", "withdrawn", "returned", "lost")
CANCEL_REASONS = ("customer", "declined", "fraud", "inventory", "staff", "expired", "other")
# Taken over orders are never invoiced; their lines, often most of a store's, stay out of the index.
UNINVOICED = text("invoice_id IS NULL AND cancelled + returned < quantity AND tax_reason <> 'imported'")
"""Lines that are due an invoice once their order is."""


class Order(StoreScoped, Versioned, Timestamped, Identified, Base):
    """An order of any channel. Amounts are the items' sums; payment and fulfilment states are derived, never set."""

    __tablename__ = "orders"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        tenant_reference(("customer_id",), "customers.customers"),
        UniqueConstraint("store_id", "number"),
        # One order per cart, whatever else fails.
        UniqueConstraint("store_id", "cart_id"),
        UniqueConstraint("store_id", "channel", "external_id"),
        Index("ix_orders_placed", "store_id", "placed_at", "id"),
        Index("ix_orders_status", "store_id", "status", "placed_at", "id"),
        Index("ix_orders_customer", "store_id", "customer_id", "placed_at"),
        Index("ix_orders_email", "store_id", "email"),
        one_of("channel", CHANNELS, "channel"),
        one_of("status", ORDER_STATES, "status"),
        one_of("payment_status", PAYMENT_STATES, "payment_status"),
        one_of("fulfilment_status", FULFILMENT_STATES, "fulfilment_status"),
        one_of("cancel_reason", CANCEL_REASONS, "cancel_reason"),
        CheckConstraint("net_minor + tax_minor + rounding_minor = total_minor", name="adds_up"),
        CheckConstraint("goods_minor - discount_minor + shipping_minor = total_minor", name="parts_add_up"),
        CheckConstraint("total_minor >= 0 AND discount_minor >= 0 AND shipping_minor >= 0", name="amounts"),
        CheckConstraint("paid_minor >= 0 AND refunded_minor BETWEEN 0 AND paid_minor", name="payments"),
        CheckConstraint("credited_minor BETWEEN 0 AND total_minor", name="credits"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("char_length(currency) = 3", name="currency"),
    )

    number: Mapped[str] = mapped_column(Text)
    cart_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    email: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    """The order's number in the system it was imported from."""
    status: Mapped[str] = mapped_column(Text)
    payment_status: Mapped[str] = mapped_column(Text, default="unpaid")
    fulfilment_status: Mapped[str] = mapped_column(Text, default="unfulfilled")
    locale: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    goods_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(default=0)
    """Taken off goods and delivery together."""
    shipping_minor: Mapped[int] = mapped_column(default=0)
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    rounding_minor: Mapped[int] = mapped_column(default=0)
    total_minor: Mapped[int]
    credited_minor: Mapped[int] = mapped_column(default=0)
    """What need not be paid after all: sum of the order's credits."""
    paid_minor: Mapped[int] = mapped_column(default=0)
    refunded_minor: Mapped[int] = mapped_column(default=0)
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    tax_number: Mapped[str | None] = mapped_column(Text)
    tax_number_status: Mapped[str | None] = mapped_column(Text)
    """What was known of the number when the order was placed; a later check does not rewrite it."""
    shipping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The way of delivery as it was: code, name, carrier, is_pickup."""
    promotion: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The promotion as it was: id, code, title."""
    terms_version: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    placed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def due_minor(self) -> int:
        """What is still to be paid; negative if too much was."""
        return self.total_minor - self.credited_minor - self.paid_minor + self.refunded_minor


class OrderItem(StoreScoped, Identified, Base):
    """A line as it was bought. Only the counters of pieces change; a correction is a new row."""

    __tablename__ = "order_items"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders", ondelete="CASCADE"),
        tenant_reference(("invoice_id",), "orders.invoices"),
        UniqueConstraint("store_id", "order_id", "position"),
        Index("ix_order_items_variant", "store_id", "variant_id"),
        Index("ix_order_items_uninvoiced", "store_id", "order_id", postgresql_where=UNINVOICED),
        one_of("kind", ITEM_KINDS, "kind"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("total_minor = unit_price_minor * quantity - discount_minor", name="total"),
        CheckConstraint("unit_price_minor >= 0 AND discount_minor >= 0 AND total_minor >= 0", name="amounts"),
        CheckConstraint("cancelled >= 0 AND shipped >= 0 AND cancelled + shipped <= quantity", name="pieces"),
        CheckConstraint("returned BETWEEN 0 AND shipped", name="returned"),
    )

    order_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(Text, default="product")
    variant_id: Mapped[UUID | None]
    sku: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    image: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[int]
    unit_price_minor: Mapped[int]
    """Including tax; where the tax decision is zero for the buyer, the price without it."""
    discount_minor: Mapped[int] = mapped_column(default=0)
    total_minor: Mapped[int]
    net_minor: Mapped[int]
    tax_reason: Mapped[str] = mapped_column(Text)
    tax_category: Mapped[str] = mapped_column(Text)
    tax_rate_bp: Mapped[int]
    tax_country: Mapped[str] = mapped_column(Text)
    tax_note: Mapped[str] = mapped_column(Text, default="")
    """Version of the rate table and what else explains the decision."""
    cancelled: Mapped[int] = mapped_column(default=0)
    shipped: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    invoice_id: Mapped[UUID | None]
    """The invoice it stands on, once there is one."""

    @property
    def open(self) -> int:
        """Pieces that are neither shipped nor cancelled."""
        return self.quantity - self.cancelled - self.shipped


class OrderCredit(StoreScoped, Identified, Base):
    """Pieces of a line that need not be paid after all, with their exact part of its price."""

    __tablename__ = "order_credits"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders", ondelete="CASCADE"),
        tenant_reference(("item_id",), "orders.order_items", ondelete="CASCADE"),
        tenant_reference(("invoice_id",), "orders.invoices"),
        Index("ix_order_credits_order", "store_id", "order_id", "at"),
        Index("ix_order_credits_uninvoiced", "store_id", "order_id", postgresql_where=text("invoice_id IS NULL")),
        one_of("kind", CREDIT_KINDS, "kind"),
        CheckConstraint("pieces > 0 AND amount_minor >= 0", name="amount"),
    )

    order_id: Mapped[UUID]
    item_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str] = mapped_column(Text)
    pieces: Mapped[int]
    amount_minor: Mapped[int]
    invoice_id: Mapped[UUID | None]
    """The document that reckons with it: the credit note, or the invoice if that was issued later."""


class OrderEvent(StoreScoped, Identified, Base):
    """One thing that happened to an order: its timeline. Append-only."""

    __tablename__ = "order_events"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders", ondelete="CASCADE"),
        Index("ix_order_events_order", "store_id", "order_id", "at"),
    )

    order_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str] = mapped_column(Text)
    """Such as ``placed``, ``status``, ``payment``, ``fulfilment``, ``return``, ``change``, ``invoice``, ``note``."""
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_public: Mapped[bool] = mapped_column(default=False)
    """Whether the buyer may see it."""
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)


class OrderPayment(StoreScoped, Identified, Base):
    """Money that came or went, as somebody wrote it down. Append-only."""

    __tablename__ = "order_payments"
    __table_args__ = (
        tenant_reference(("order_id",), "orders.orders"),
        Index("ix_order_payments_order", "store_id", "order_id", "at"),
        one_of("kind", ("payment", "refund"), "kind"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    order_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int]
    method: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, default="")
    actor_name: Mapped[str] = mapped_column(Text)
