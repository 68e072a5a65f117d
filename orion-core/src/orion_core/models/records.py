"""Records that keep others honest: audit trail, number series, API keys, idempotency."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped, Timestamped
from orion_core.db.mixins import OWNER_KEY
from orion_core.models.base import Base


class AuditEntry(OwnerScoped, Identified, Base):
    """Who did what to which record, and what changed. Append-only."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_owner", OWNER_KEY, "at"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
    )

    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject_type: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str] = mapped_column(Text)
    changes: Mapped[dict[str, Any]]
    request_id: Mapped[str] = mapped_column(Text)


class NumberSeries(OwnerScoped, Identified, Base):
    """A counter without gaps: the row is locked by the transaction that takes a number."""

    __tablename__ = "number_series"
    __table_args__ = (
        Index(
            "uq_number_series_owner",
            OWNER_KEY,
            "code",
            "period",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("last_value >= 0", name="not_negative"),
    )

    code: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text, default="")
    last_value: Mapped[int] = mapped_column(default=0)


class ApiKey(OwnerScoped, Timestamped, Identified, Base):
    """A machine's credential; only the SHA-256 of its secret is kept."""

    __tablename__ = "api_key"
    __table_args__ = (Index("uq_api_key_prefix", "prefix", unique=True),)

    name: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    permissions: Mapped[list[str]]
    created_by: Mapped[UUID | None]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyRecord(OwnerScoped, Identified, Base):
    """The first answer to an ``Idempotency-Key``, replayed to whoever sends the same request again."""

    __tablename__ = "idempotency_record"
    __table_args__ = (
        Index(
            "uq_idempotency_record_caller",
            OWNER_KEY,
            "caller",
            "key",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_idempotency_record_created_at", "created_at"),
    )

    caller: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    response: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
