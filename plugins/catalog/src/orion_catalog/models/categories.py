"""Categories: a tree whose every node knows its whole path."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from orion_catalog.models.base import Base
from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import tenant_reference


class Category(StoreScoped, Versioned, Timestamped, Identified, Base):
    __tablename__ = "categories"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        tenant_reference(("parent_id",), "catalog.categories"),
        UniqueConstraint("store_id", "path"),
        UniqueConstraint("store_id", "slug"),
        Index("ix_categories_parent", "store_id", "parent_id"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
    )

    parent_id: Mapped[UUID | None]
    path: Mapped[str] = mapped_column(Text)
    """Keys from the root down, each followed by a slash: ``home/kitchen/``. Descendants share the beginning."""
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The name in languages other than the store's own."""
    position: Mapped[int] = mapped_column(default=0)
    image: Mapped[str | None] = mapped_column(Text)


class ProductCategory(StoreScoped, Base):
    __tablename__ = "product_categories"
    __table_args__ = (
        tenant_reference(("product_id",), "catalog.products", ondelete="CASCADE"),
        tenant_reference(("category_id",), "catalog.categories", ondelete="CASCADE"),
        Index("ix_product_categories_category", "store_id", "category_id", "product_id"),
    )

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
