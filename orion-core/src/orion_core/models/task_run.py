"""Task runs: what was asked of the background, how far it got, how it ended; and how far the schedule got."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped
from orion_core.db.mixins import OWNER_KEY, one_of
from orion_core.models.base import Base

OPEN = ("queued", "running")
ENDED = ("succeeded", "failed", "cancelled", "skipped")


class TaskRun(OwnerScoped, Identified, Base):
    """One run of a task. Policy: ``owner``."""

    __tablename__ = "task_run"
    __table_args__ = (
        one_of("status", (*OPEN, *ENDED), "status"),
        one_of("queue", ("default", "long_running", "scheduled"), "queue"),
        CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_when_ended"),
        CheckConstraint("attempts >= 0 AND max_attempts > 0", name="attempts"),
        CheckConstraint("progress_done >= 0 AND progress_total >= 0", name="progress"),
        Index("ix_task_run_owner", OWNER_KEY, "id"),
        Index("ix_task_run_unsent", "not_before", postgresql_where=text("status = 'queued' AND sent_at IS NULL")),
        Index("ix_task_run_task", "task", "id"),
        Index("ix_task_run_failed", "id", postgresql_where=text("status = 'failed'")),
        Index("ix_task_run_open", "status", "sent_at", postgresql_where=text("finished_at IS NULL")),
    )

    task: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    args: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(Text, default="queued")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    """When it was last handed to the broker; empty while it waits to be."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was started. It only grows: a worker that was given up can tell that it is not meant."""
    max_attempts: Mapped[int]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    progress_message: Mapped[str | None] = mapped_column(Text)
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID | None]


class ScheduleMark(Base):
    """How far an entry of the schedule has run. Policy: ``using="false"``; it is for platform-wide work."""

    __tablename__ = "schedule_mark"

    entry: Mapped[str] = mapped_column(Text, primary_key=True)
    due: Mapped[datetime]
    """The latest minute that needs no further run."""
