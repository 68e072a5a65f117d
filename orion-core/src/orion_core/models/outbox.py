"""The outbox: events as they were published, and one delivery for each subscriber of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped
from orion_core.db.mixins import one_of
from orion_core.models.base import Base

OPEN = ("pending", "failed")
ENDED = ("done", "dead", "skipped")


class OutboxEvent(OwnerScoped, Identified, Base):
    """An event. Policy: ``owner``; the application may insert and read, but neither change nor remove."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        UniqueConstraint("position"),
        Index("ix_outbox_event_new", "position", postgresql_where=text("relayed_at IS NULL")),
        Index("ix_outbox_event_type", "type", "position"),
        Index("ix_outbox_event_new_aggregate", "aggregate_id", postgresql_where=text("relayed_at IS NULL")),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """Order of publishing; within an aggregate, whose changes wait for each other, also of commits."""
    type: Mapped[str] = mapped_column(Text)
    aggregate_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
    relayed_at: Mapped[datetime | None]
    """When its deliveries were made."""
    request_id: Mapped[str] = mapped_column(Text)


class EventDelivery(OwnerScoped, Identified, Base):
    """An event on its way to a subscriber.

    Policy: ``owner``; the application may read and update, but neither insert nor remove.
    """

    __tablename__ = "event_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        one_of("status", (*OPEN, *ENDED), "status"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "ix_event_delivery_unsent",
            "next_attempt_at",
            postgresql_where=text("status IN ('pending', 'failed') AND sent_at IS NULL"),
        ),
        Index(
            "ix_event_delivery_chain",
            "subscriber",
            "aggregate_id",
            "position",
            postgresql_where=text("status IN ('pending', 'failed')"),
        ),
        Index("ix_event_delivery_dead", "id", postgresql_where=text("status = 'dead'")),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("core.outbox_event.id", ondelete="CASCADE"))
    subscriber: Mapped[str] = mapped_column(Text)
    aggregate_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(Text, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When it may be tried; while a worker tries it, when that worker counts as dead."""
    sent_at: Mapped[datetime | None]
    """When it was last handed to the broker; empty while it waits to be."""
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
