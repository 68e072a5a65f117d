"""Platforms, their merchants and these merchants' stores: the tenants themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, MerchantScoped, PlatformScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of
from orion_tenancy.models.base import Base

STATES = ("applied", "in_review", "active", "suspended", "terminated")
"""A merchant's states, in the order of its life."""


class Platform(Versioned, Timestamped, Identified, Base):
    __tablename__ = "platforms"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("domain"))

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    domain: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(Text, default="en")
    currency: Mapped[str] = mapped_column(Text, default="EUR")


class ModuleSwitch(PlatformScoped, Timestamped, Base):
    """Whether a module is on for a platform; without a row an optional module is on."""

    __tablename__ = "module_switches"
    __table_args__ = (ForeignKeyConstraint(["platform_id"], ["tenancy.platforms.id"], ondelete="CASCADE"),)

    module_name: Mapped[str] = mapped_column("module", Text, primary_key=True)
    enabled: Mapped[bool]


class Merchant(Versioned, Timestamped, Identified, Base):
    __tablename__ = "merchants"
    __table_args__ = (
        UniqueConstraint("code"),
        # Lets a store's foreign key prove that it belongs to the merchant's own platform.
        UniqueConstraint("platform_id", "id"),
        Index("ix_merchants_name", "name", "id"),
        one_of("state", STATES, "state_known"),
    )

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("tenancy.platforms.id"))
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    contact_email: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="applied")


class MerchantStateChange(MerchantScoped, Identified, Base):
    """One step in a merchant's life. Append-only."""

    __tablename__ = "merchant_state_changes"
    __table_args__ = (
        ForeignKeyConstraint(["merchant_id"], ["tenancy.merchants.id"]),
        Index("ix_merchant_state_changes_at", "merchant_id", "at"),
    )

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    old_state: Mapped[str | None] = mapped_column(Text)
    new_state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)


class Store(Versioned, Timestamped, Identified, Base):
    __tablename__ = "stores"
    __table_args__ = (
        UniqueConstraint("code"),
        ForeignKeyConstraint(["platform_id", "merchant_id"], ["tenancy.merchants.platform_id", "tenancy.merchants.id"]),
        Index("ix_stores_merchant", "merchant_id"),
        Index("ix_stores_name", "name", "id"),
        CheckConstraint("char_length(currency) = 3", name="currency_code"),
        CheckConstraint("char_length(country) = 2", name="country_code"),
    )

    platform_id: Mapped[UUID]
    merchant_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(Text)
    locales: Mapped[list[str]]
    currency: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    is_open: Mapped[bool] = mapped_column(default=True)


class Domain(Timestamped, Identified, Base):
    """A host name of a platform or of one of its stores; it counts once it is verified."""

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("host"),
        Index("ix_domains_store", "store_id"),
        CheckConstraint("host = lower(host)", name="host_lower"),
    )

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("tenancy.platforms.id"))
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenancy.stores.id"))
    host: Mapped[str] = mapped_column(Text)
    verification_token: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime | None]
