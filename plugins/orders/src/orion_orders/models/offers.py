"""What a store offers beside its goods: ways of delivery, and promotions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of
from orion_orders.models.base import Base

PROMOTION_KINDS = ("percentage", "amount", "free_shipping")


class ShippingMethod(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A way to get an order to its buyer, with its price including tax."""

    __tablename__ = "shipping_methods"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        UniqueConstraint("store_id", "code"),
        CheckConstraint("price_minor >= 0 AND free_from_minor >= 0", name="amounts"),
    )

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Name by language, where it differs."""
    carrier: Mapped[str] = mapped_column(Text, default="")
    is_pickup: Mapped[bool] = mapped_column(default=False)
    price_minor: Mapped[int]
    free_from_minor: Mapped[int | None]
    """Value of goods from which the delivery costs nothing."""
    countries: Mapped[list[str]] = mapped_column(default=list)
    """Countries delivered to, ISO 3166-1 alpha-2; empty means all."""
    tax_class: Mapped[str] = mapped_column(Text, default="standard")
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class Promotion(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A reduction by code, or without one for everybody."""

    __tablename__ = "promotions"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        UniqueConstraint("store_id", "code"),
        one_of("kind", PROMOTION_KINDS, "kind"),
        CheckConstraint("code = upper(code)", name="code_upper"),
        CheckConstraint("value >= 0 AND (kind <> 'percentage' OR value <= 10000)", name="value"),
        CheckConstraint("times_used >= 0 AND times_used <= usage_limit", name="usage"),
        CheckConstraint("min_goods_minor >= 0", name="min_goods"),
    )

    code: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[int] = mapped_column(default=0)
    """Basis points of the goods for a percentage, minor units for an amount."""
    min_goods_minor: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    usage_limit: Mapped[int | None]
    times_used: Mapped[int] = mapped_column(default=0)
    once_per_customer: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
