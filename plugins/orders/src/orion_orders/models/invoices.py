"""Invoices and credit notes as they were issued, numbered without gaps, each chained to the one before."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, MerchantScoped, StoreScoped
from orion_core.db.mixins import one_of, tenant_reference
from orion_orders.models.base import Base

INVOICE_KINDS = ("invoice", "credit_note")


class InvoiceSeries(MerchantScoped, Identified, Base):
    """A merchant's numbers of one kind and year; the transaction that issues locks the row: no gap, no repeat."""

    __tablename__ = "invoice_series"
    __table_args__ = (
        ForeignKeyConstraint(["merchant_id"], ["tenancy.merchants.id"]),
        UniqueConstraint("merchant_id", "kind", "year"),
        UniqueConstraint("merchant_id", "prefix", "year"),
        one_of("kind", INVOICE_KINDS, "kind"),
        CheckConstraint("next_number > 0", name="next_number"),
    )

    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int]
    prefix: Mapped[str] = mapped_column(Text)
    """As it was set when the year's first document was issued."""
    next_number: Mapped[int] = mapped_column(default=1)
    last_hash: Mapped[str] = mapped_column(Text, default="")
    proven_at: Mapped[datetime | None]
    findings: Mapped[list[str]] = mapped_column(JSONB, default=list)
    """What the last proof found wrong."""

    def number(self, sequence: int) -> str:
        """Return a number as it stands on a document."""
        return f"{self.prefix}{self.year}-{sequence:06d}"


class Invoice(StoreScoped, Identified, Base):
    """A document that was issued. Append-only, kept by law; what corrects it is a credit note."""

    __tablename__ = "invoices"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        tenant_reference(("order_id",), "orders.orders"),
        tenant_reference(("corrects_id",), "orders.invoices"),
        tenant_reference(("series_id",), "orders.invoice_series", scope="merchant"),
        # Numbers count per merchant, whichever store sells: docs/decisions/0015.
        UniqueConstraint("merchant_id", "series_id", "sequence"),
        UniqueConstraint("store_id", "number"),
        Index("ix_invoices_issued", "store_id", "issued_on"),
        Index("ix_invoices_order", "store_id", "order_id"),
        one_of("kind", INVOICE_KINDS, "kind"),
        CheckConstraint("sequence > 0", name="sequence"),
        CheckConstraint("char_length(currency) = 3", name="currency"),
        CheckConstraint("(kind = 'credit_note') = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("net_minor + tax_minor + rounding_minor = total_minor", name="adds_up"),
    )

    merchant_id: Mapped[UUID]
    series_id: Mapped[UUID]
    sequence: Mapped[int]
    order_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    document: Mapped[dict[str, Any]]
    """What stands on it: an ``InvoiceDocument``."""
    currency: Mapped[str] = mapped_column(Text)
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    rounding_minor: Mapped[int]
    total_minor: Mapped[int]
    corrects_id: Mapped[UUID | None]
    """The invoice that a credit note corrects."""
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
    """SHA-256 over the previous hash, the document, its files and what it belongs to, in hexadecimal."""
    pdf_id: Mapped[UUID]
    cii_id: Mapped[UUID]
    ubl_id: Mapped[UUID]
    """Files of the core."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
