"""Accounts of a store's customers: who they are, where they live, how they sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_customers.models.base import Base

TOKEN_KINDS = ("reset", "verify")


class Customer(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A shopper's account in one store. Erasure scrubs it and keeps the row, for orders that refer to it."""

    __tablename__ = "customers"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        UniqueConstraint("store_id", "email"),
        UniqueConstraint("store_id", "number"),
        Index("ix_customers_name", "store_id", "name", "id"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    number: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    company: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(Text)
    is_blocked: Mapped[bool] = mapped_column(default=False)
    email_verified_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    """What the store's team wrote down; the customer gets it with an export."""


class Credential(StoreScoped, Base):
    """A customer's password hash, in a table of its own."""

    __tablename__ = "credentials"
    __table_args__ = (tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),)

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class CustomerSession(StoreScoped, Identified, Base):
    """A sign-in; only the SHA-256 of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        UniqueConstraint("token_hash"),
        Index("ix_sessions_customer", "store_id", "customer_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    customer_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(Text, default="")


class PasswordResetToken(StoreScoped, Identified, Base):
    """A one-time link that was mailed: to set a password, or to prove an address. Only its SHA-256 is kept."""

    __tablename__ = "password_reset_tokens"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        UniqueConstraint("token_hash"),
        Index("ix_password_reset_tokens_customer", "store_id", "customer_id"),
        Index("ix_password_reset_tokens_expires_at", "expires_at"),
        one_of("kind", TOKEN_KINDS, "kind"),
    )

    customer_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class CustomerAddress(StoreScoped, Timestamped, Identified, Base):
    __tablename__ = "customer_addresses"
    __table_args__ = (
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        Index("ix_customer_addresses_customer", "store_id", "customer_id"),
        Index(
            "uq_customer_addresses_shipping",
            "store_id",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default_shipping"),
        ),
        Index(
            "uq_customer_addresses_billing",
            "store_id",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default_billing"),
        ),
    )

    customer_id: Mapped[UUID]
    address: Mapped[dict[str, Any]]
    """A ``PostalAddress``."""
    is_default_shipping: Mapped[bool] = mapped_column(default=False)
    is_default_billing: Mapped[bool] = mapped_column(default=False)


class CustomerGroup(StoreScoped, Timestamped, Identified, Base):
    __tablename__ = "customer_groups"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        UniqueConstraint("store_id", "code"),
    )

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class GroupMember(StoreScoped, Base):
    __tablename__ = "group_members"
    __table_args__ = (
        tenant_reference(("group_id",), "customers.customer_groups", ondelete="CASCADE"),
        tenant_reference(("customer_id",), "customers.customers", ondelete="CASCADE"),
        Index("ix_group_members_customer", "store_id", "customer_id"),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
