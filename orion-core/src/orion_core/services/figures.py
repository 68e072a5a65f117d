"""The figures of work in the background: what waits, what failed, what was done in the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, func, literal, select
from sqlalchemy.orm import Session

from orion_core.models.outbox import OPEN as OPEN_DELIVERIES
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.models.task_run import OPEN, TaskRun

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How work in the background stands.

    Args:
        runs: Task runs by status: those open now, and those of the last day that have ended.
        deliveries: Deliveries likewise; all dead ones count, however old.
        events_new: Events whose deliveries are not made yet.
        oldest_run: When the run was due that has waited longest; ``None`` if none waits.
        oldest_delivery: The same for deliveries.
        hours: One row per hour of the last day: its begin, runs and deliveries that were made in it.
    """

    runs: dict[str, int]
    deliveries: dict[str, int]
    events_new: int
    oldest_run: datetime | None
    oldest_delivery: datetime | None
    hours: Sequence[tuple[datetime, int, int]]


def figures(session: Session, now: datetime | None = None) -> Figures:
    """Count. The cost depends on what is open and on one day's work, not on all that is on record.

    Args:
        session: A session that sees what to count; platform-wide for everything.
        now: The present.
    """
    now = now or datetime.now(UTC)
    since = _first_id(now - DAY)
    open_runs, ended_runs = TaskRun.finished_at.is_(None), TaskRun.finished_at.is_not(None)
    unfinished = EventDelivery.status.in_((*OPEN_DELIVERIES, "dead"))
    new = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.relayed_at.is_(None))
    return Figures(
        runs=_by_status(session, TaskRun, open_runs) | _by_status(session, TaskRun, ended_runs, TaskRun.id >= since),
        deliveries=_by_status(session, EventDelivery, unfinished)
        | _by_status(session, EventDelivery, ~unfinished, EventDelivery.id >= since),
        events_new=session.scalar(new) or 0,
        oldest_run=session.scalar(select(func.min(TaskRun.not_before)).where(TaskRun.status == OPEN[0], open_runs)),
        oldest_delivery=_oldest_delivery(session),
        hours=_hours(session, now),
    )


def dead_by_subscriber(session: Session) -> list[tuple[str, int]]:
    """Return how many dead deliveries each subscriber has, those with most first."""
    number = func.count()
    dead = select(EventDelivery.subscriber, number).where(EventDelivery.status == "dead")
    rows = session.execute(dead.group_by(EventDelivery.subscriber).order_by(number.desc(), EventDelivery.subscriber))
    return [(row[0], row[1]) for row in rows]


def _by_status(session: Session, model: Any, *conditions: Any) -> dict[str, int]:
    counted = select(model.status, func.count()).where(*conditions).group_by(model.status)
    return {row[0]: row[1] for row in session.execute(counted)}


def _oldest_delivery(session: Session) -> datetime | None:
    oldest = (
        select(func.min(OutboxEvent.published_at))
        .join(EventDelivery, EventDelivery.event_id == OutboxEvent.id)
        .where(EventDelivery.status.in_(OPEN_DELIVERIES))
    )
    return session.scalar(oldest)


def _hours(session: Session, now: datetime) -> list[tuple[datetime, int, int]]:
    last = now.replace(minute=0, second=0, microsecond=0)
    starts = [last - timedelta(hours=hours) for hours in range(23, -1, -1)]
    bounds = [_first_id(start) for start in (*starts, last + timedelta(hours=1))]
    runs, deliveries = (_per_hour(session, model, bounds) for model in (TaskRun, EventDelivery))
    return list(zip(starts, runs, deliveries, strict=True))


def _per_hour(session: Session, model: Any, bounds: Sequence[UUID]) -> list[int]:
    hour = func.width_bucket(model.id, literal(bounds, ARRAY(Uuid))).label("hour")
    counted = select(hour, func.count()).where(model.id >= bounds[0], model.id < bounds[-1]).group_by("hour")
    rows: Sequence[Row[int, int]] = session.execute(counted).all()
    found = {row[0]: row[1] for row in rows}
    return [found.get(number, 0) for number in range(1, len(bounds))]


def _first_id(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: rows are made in the order of their ids."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
