"""Carts: what a shopper, signed in or not, is about to buy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped
from orion_core.db.mixins import one_of, tenant_reference
from orion_orders.config import MAX_QUANTITY
from orion_orders.models.base import Base

CART_STATES = ("active", "completed", "merged", "abandoned")


class Cart(StoreScoped, Timestamped, Identified, Base):
    """A guest's cart is found by its token (only the SHA-256 is kept), a customer's by the customer."""

    __tablename__ = "carts"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        tenant_reference(("customer_id",), "customers.customers"),
        tenant_reference(("shipping_method_id",), "orders.shipping_methods"),
        UniqueConstraint("store_id", "token_hash"),
        Index("uq_carts_customer", "store_id", "customer_id", unique=True, postgresql_where=text("status = 'active'")),
        Index("ix_carts_updated", "store_id", "updated_at", postgresql_where=text("status = 'active'")),
        one_of("status", CART_STATES, "status"),
    )

    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    customer_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(Text, default="active")
    currency: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Empty when it is the address of delivery."""
    shipping_method_id: Mapped[UUID | None]
    tax_number: Mapped[str | None] = mapped_column(Text)
    promotion_code: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    held_until: Mapped[datetime | None]
    """Until when the stock keeper holds what is in it: the checkout has begun."""


class CartLine(StoreScoped, Base):
    __tablename__ = "cart_lines"
    __table_args__ = (
        tenant_reference(("cart_id",), "orders.carts", ondelete="CASCADE"),
        tenant_reference(("variant_id",), "catalog.variants"),
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
    )

    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
