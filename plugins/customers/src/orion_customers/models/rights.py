"""What the law and the customer's own wishes ask to be kept: consents, data requests, tax numbers, the wishlist."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_customers.models.base import Base

PURPOSES = ("newsletter", "terms")
TAX_NUMBER_STATES = ("unchecked", "valid", "invalid", "unavailable")
REQUEST_KINDS = ("export", "erasure")
REQUEST_STATES = ("requested", "done", "cancelled")


class Consent(StoreScoped, Identified, Base):
    """Consent given or withdrawn, with the proof of it (GDPR, art. 7(1)). Append-only: the newest row counts."""

    __tablename__ = "consents"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers"),
        Index("ix_consents_customer", "store_id", "customer_id", "purpose", "id"),
        one_of("purpose", PURPOSES, "purpose"),
    )

    customer_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(Text)
    given: Mapped[bool]
    text_version: Mapped[str] = mapped_column(Text)
    """Which wording was agreed to."""
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    proof: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Where it came from: request id and area. No address: erasure must not have to change this table."""


class TaxNumber(StoreScoped, Timestamped, Identified, Base):
    """A customer's VAT number and what the last check of it said."""

    __tablename__ = "tax_numbers"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        UniqueConstraint("store_id", "customer_id"),
        Index("ix_tax_numbers_checked_at", "store_id", "checked_at"),
        one_of("status", TAX_NUMBER_STATES, "status"),
    )

    customer_id: Mapped[UUID]
    value: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="unchecked")
    checked_at: Mapped[datetime | None]
    consultation: Mapped[str] = mapped_column(Text, default="")
    """Number under which the register remembers the check."""


class WishlistItem(StoreScoped, Base):
    __tablename__ = "wishlist_items"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        tenant_reference(("variant_id",), "catalog.variants", ondelete="CASCADE"),
        Index("ix_wishlist_items_variant", "store_id", "variant_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DataRequest(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A customer's request to get or to lose their data, with the day by which the law wants it answered."""

    __tablename__ = "data_requests"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers"),
        Index(
            "uq_data_requests_open",
            "store_id",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
        Index("ix_data_requests_status", "store_id", "status", "due_on"),
        one_of("kind", REQUEST_KINDS, "kind"),
        one_of("status", REQUEST_STATES, "status"),
    )

    customer_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="requested")
    due_on: Mapped[date]
    """One month after the request (GDPR, art. 12(3))."""
    execute_on: Mapped[date]
    """When it is carried out by itself; until then an erasure can be cancelled."""
    done_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was done, module by module."""
