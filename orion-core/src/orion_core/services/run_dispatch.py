"""What the relay asks of task runs: which to hand to the broker, and which were lost with it or a worker."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from orion_core.models.task_run import TaskRun

_NOBODY_HOLDS_IT = text("""
    hashtextextended(task_run.id::text, 0) NOT IN (
        SELECT (classid::bigint << 32) | objid::bigint  -- a lock on a 64-bit number is listed as two halves
        FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
""")


def take_due(session: Session, tasks: Collection[str], limit: int) -> Sequence[Row[UUID, str, str, str]]:
    """Mark queued runs whose time has come and which are not on their way as sent.

    Args:
        session: A platform-wide session; send the messages after its commit.
        tasks: Names of installed tasks; runs of others rest.
        limit: At most so many.

    Returns:
        ``id``, ``task``, ``queue`` and ``request_id`` of each.
    """
    due = (
        select(TaskRun.id)
        .where(
            TaskRun.status == "queued",
            TaskRun.sent_at.is_(None),
            TaskRun.not_before <= func.now(),
            TaskRun.task.in_(tasks),
        )
        .order_by(TaskRun.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    sent = update(TaskRun).where(TaskRun.id.in_(due)).values(sent_at=func.now())
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
