"""Who may do what where: roles and members of stores, owners of merchants, open invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, MerchantScoped, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import tenant_reference
from orion_tenancy.models.base import Base

_STORE = ("store_id",), ("tenancy.stores.id",)


class Role(StoreScoped, Versioned, Timestamped, Identified, Base):
    """A store's role. Without a list of its own it follows the preset of the same code."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("store_id", "code"), ForeignKeyConstraint(*_STORE, ondelete="CASCADE"))

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def is_preset(self) -> bool:
        return self.permissions is None


class Membership(StoreScoped, Timestamped, Identified, Base):
    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("store_id", "user_id"),
        ForeignKeyConstraint(*_STORE, ondelete="CASCADE"),
        tenant_reference(("role_id",), "tenancy.roles"),
        Index("ix_memberships_user", "user_id"),
        Index("ix_memberships_role", "store_id", "role_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("tenancy.users.id", ondelete="CASCADE"))
    role_id: Mapped[UUID]


class MerchantOwner(MerchantScoped, Timestamped, Base):
    __tablename__ = "merchant_owners"
    __table_args__ = (
        ForeignKeyConstraint(["merchant_id"], ["tenancy.merchants.id"], ondelete="CASCADE"),
        Index("ix_merchant_owners_user", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("tenancy.users.id", ondelete="CASCADE"), primary_key=True)


class Invitation(StoreScoped, Timestamped, Identified, Base):
    """An offer to join a store's team; only the SHA-256 of its token is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("store_id", "email"),
        UniqueConstraint("token_hash"),
        ForeignKeyConstraint(*_STORE, ondelete="CASCADE"),
        tenant_reference(("role_id",), "tenancy.roles"),
        Index("ix_invitations_role", "store_id", "role_id"),
        Index("ix_invitations_expires_at", "expires_at"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    email: Mapped[str] = mapped_column(Text)
    role_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
