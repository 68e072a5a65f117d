"""Care for all task runs at once: which to hand to the broker, which were lost, which are old."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, delete, func, literal_column, select, text, update
from sqlalchemy.orm import Session

from orion_core.models.task_run import TaskRun
from orion_core.services.rows import is_among

_NOBODY_HOLDS_IT = text("""
    hashtextextended(task_run.id::text, 0) NOT IN (
        SELECT (classid::bigint << 32) | objid::bigint  -- a lock on a 64-bit number is listed as two halves
        FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
""")


def take_due(
    session: Session, tasks: Collection[str], queues: Collection[str], limit: int
) -> Sequence[Row[UUID, str, str, str]]:
    """Mark queued runs whose time has come and which are not on their way as sent.

    Args:
        session: A platform-wide session; send the messages after its commit.
        tasks: Names of installed tasks; runs of others rest.
        queues: Queues that have room.
        limit: At most so many.

    Returns:
        ``id``, ``task``, ``queue`` and ``request_id`` of each.
    """
    due = (
        select(TaskRun.id)
        .where(
            TaskRun.status == literal_column("'queued'"),  # not bound: a prepared statement then uses the index
            TaskRun.sent_at.is_(None),
            TaskRun.not_before <= func.now(),
            TaskRun.task.in_(tasks),
            TaskRun.queue.in_(queues),
        )
        .order_by(TaskRun.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    sent = update(TaskRun).where(is_among(TaskRun.id, due)).values(sent_at=func.now())
    return session.execute(sent.returning(TaskRun.id, TaskRun.task, TaskRun.queue, TaskRun.request_id)).all()


def forget_lost(session: Session, queue: str, patience: timedelta) -> None:
    """Have runs sent again whose message was not answered for long.

    Args:
        session: A platform-wide session.
        queue: The queue they were sent to.
        patience: How long is long.
    """
    lost = update(TaskRun).where(
        TaskRun.status == "queued", TaskRun.queue == queue, TaskRun.sent_at < func.now() - patience
    )
    session.execute(lost.values(sent_at=None), execution_options={"synchronize_session": False})


def forget_before(session: Session, moment: datetime) -> int:
    """Remove runs that ended before a moment.

    Args:
        session: A platform-wide session.
        moment: Long enough ago that nobody looks at them any more.

    Returns:
        How many were removed.
    """
    result = session.execute(
        delete(TaskRun).where(TaskRun.finished_at < moment), execution_options={"synchronize_session": False}
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def requeue_orphans(session: Session) -> Sequence[UUID]:
    """Put running runs back whose worker died, which shows by nobody holding their advisory lock.

    Args:
        session: A platform-wide session.

    Returns:
        Their ids.
    """
    orphans = update(TaskRun).where(TaskRun.status == "running", _NOBODY_HOLDS_IT)
    values = orphans.values(status="queued", sent_at=None, not_before=func.now())
    return session.scalars(values.returning(TaskRun.id)).all()
