"""Products with their texts, variants and prices.

What a list shows of a product's variants and translations stands on the product itself;
``services.summaries`` is the one place that keeps it right.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_catalog.models.base import Base
from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference

STATUSES = ("draft", "active", "archived")
CONDITIONS = ("new", "refurbished", "used")
AVAILABILITIES = ("in_stock", "out_of_stock", "preorder", "backorder")
ACTIVE = text("status = 'active'")
BRANDED = text("status = 'active' AND brand IS NOT NULL")


class Product(StoreScoped, Versioned, Timestamped, Identified, Base):
    __tablename__ = "products"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        # A feed may use one code for a product of its own and for a group of variants.
        UniqueConstraint("store_id", "external_id", "is_group"),
        UniqueConstraint("store_id", "slug"),
        one_of("status", STATUSES, "status"),
        one_of("condition", CONDITIONS, "condition"),
        CheckConstraint("tax_rate_bp BETWEEN 0 AND 10000", name="tax_rate"),
        CheckConstraint("boost_sort BETWEEN 0 AND 10", name="boost_sort"),
        Index("ix_products_boosted", "store_id", "boost_sort", "id", postgresql_where=ACTIVE),
        Index("ix_products_price", "store_id", "price_minor", "id", postgresql_where=ACTIVE),
        Index("ix_products_title", "store_id", "title", "id", postgresql_where=ACTIVE),
        Index("ix_products_brand", "store_id", "brand", "id", postgresql_where=BRANDED),
    )

    external_id: Mapped[str] = mapped_column(Text)
    """Code of the product in the store's own system; for a group of variants the group's."""
    is_group: Mapped[bool] = mapped_column(default=False)
    lead_sku: Mapped[str | None] = mapped_column(Text)
    """The variant whose feed row gives the product its texts."""
    status: Mapped[str] = mapped_column(Text, default="draft")
    slug: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    brand: Mapped[str | None] = mapped_column(Text)
    condition: Mapped[str] = mapped_column(Text, default="new")
    is_adult: Mapped[bool] = mapped_column(default=False)
    tax_class: Mapped[str] = mapped_column(Text, default="standard")
    tax_rate_bp: Mapped[int | None]
    """Overrides the rate of the tax class, in basis points."""
    boost_sort: Mapped[Decimal] = mapped_column(Numeric(4, 2), default=Decimal(0))
    images: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    """``url`` and ``alt`` of each, in the order shown."""
    option_names: Mapped[list[str]] = mapped_column(default=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a feed said beyond the columns here: delivery method, Google category, unknown columns."""

    price_minor: Mapped[int | None]
    max_price_minor: Mapped[int | None]
    compare_at_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(Text)
    in_stock: Mapped[bool] = mapped_column(default=False)
    image: Mapped[str | None] = mapped_column(Text)
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Title and slug by language, for lists."""


class ProductText(StoreScoped, Base):
    """A product in a language other than the store's own."""

    __tablename__ = "product_texts"
    __table_args__ = (
        tenant_reference(("product_id",), "catalog.products", ondelete="CASCADE"),
        UniqueConstraint("store_id", "language", "slug"),
    )

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")


class Variant(StoreScoped, Timestamped, Identified, Base):
    """What is bought: one article with its own number and price. Never removed, orders refer to it."""

    __tablename__ = "variants"
    __table_args__ = (
        tenant_reference(("product_id",), "catalog.products", ondelete="CASCADE"),
        UniqueConstraint("store_id", "sku"),
        Index("ix_variants_product", "store_id", "product_id", "position"),
        one_of("availability", AVAILABILITIES, "availability"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("compare_at_minor > price_minor", name="compare_at"),
        CheckConstraint("quantity_hint >= 0", name="quantity_hint"),
        CheckConstraint("char_length(currency) = 3", name="currency"),
    )

    product_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(Text)
    gtin: Mapped[str | None] = mapped_column(Text)
    mpn: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    price_minor: Mapped[int]
    compare_at_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(Text)
    availability: Mapped[str] = mapped_column(Text, default="in_stock")
    quantity_hint: Mapped[int | None]
    preorder_days: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    content_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the feed row it was last imported from; empty for what a feed does not own (any more)."""


class PriceChange(StoreScoped, Identified, Base):
    """One change of a variant's price. Append-only."""

    __tablename__ = "price_changes"
    __table_args__ = (
        tenant_reference(("variant_id",), "catalog.variants"),
        Index("ix_price_changes_variant", "store_id", "variant_id", "at"),
    )

    variant_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    old_price_minor: Mapped[int | None]
    price_minor: Mapped[int]
    compare_at_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    """``edit``, ``import`` or ``demo``."""
    actor_name: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
