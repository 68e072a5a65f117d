"""What search looks in: one document per product, and the words a store uses, for typing errors."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from orion_catalog.models.base import Base
from orion_core.db import StoreScoped
from orion_core.db.mixins import tenant_reference


class ProductSearch(StoreScoped, Base):
    """Words of all languages of a product, its codes, and the store's id as one more word.

    A tenant policy keeps PostgreSQL from using the index for a text match (its operator is not leak-proof), so
    the function ``catalog.search_products`` looks on the application's behalf, for the current store only.
    """

    __tablename__ = "product_search"
    __table_args__ = (
        tenant_reference(("product_id",), "catalog.products", ondelete="CASCADE"),
        Index("ix_product_search_document", "document", postgresql_using="gin"),
    )

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(TSVECTOR)


class SearchWord(StoreScoped, Base):
    __tablename__ = "search_words"
    __table_args__ = (ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),)

    word: Mapped[str] = mapped_column(Text, primary_key=True)
