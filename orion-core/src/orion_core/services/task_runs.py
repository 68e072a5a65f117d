"""The life of a task run: asked for, started, reported on, ended. The broker only carries its id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import platform_scope
from orion_core.errors import Conflict, NotFound
from orion_core.ids import new_id
from orion_core.models.task_run import OPEN, TaskRun
from orion_core.runtime import current_runtime
from orion_core.services.backoff import backoff

if TYPE_CHECKING:
    from pydantic import BaseModel

    from orion_core.tasks import TaskDefinition

log = structlog.get_logger(__name__)

_OUTGOING = "orion_outgoing_runs"
ERROR_LENGTH = 2000


class RunSuperseded(Exception):
    """Another worker has taken this run over; what the present transaction did must not be kept."""


def record(session: Session, definition: TaskDefinition, args: BaseModel | None, not_before: datetime | None) -> UUID:
    """Write a queued run that is sent after the commit, or by the relay if that fails."""
    context, run_id = current_context(), new_id()
    values: dict[str, Any] = {
        "id": run_id,
        "task": definition.name,
        "queue": definition.queue,
        "args": args.model_dump(mode="json") if args else {},
        "max_attempts": definition.retries + 1,
        "locale": context.locale,
        "request_id": context.request_id,
        "actor_kind": context.actor.kind if context.actor else None,
        "actor_id": context.actor.id if context.actor else None,
    }
    values |= {"sent_at": func.clock_timestamp()} if not_before is None else {"not_before": not_before}
    session.execute(insert(TaskRun).values(values))
    if not_before is None:
        _outgoing(session).append((definition.name, definition.queue, str(run_id), context.request_id))
    return run_id


def _outgoing(session: Session) -> list[tuple[str, str, str, str]]:
    if _OUTGOING not in session.info:
        session.info[_OUTGOING] = []
        event.listen(session, "after_commit", _send)
        event.listen(session, "after_rollback", _forget)
    outgoing: list[tuple[str, str, str, str]] = session.info[_OUTGOING]
    return outgoing


def _send(session: Session) -> None:
    if session.in_nested_transaction():
        return  # only a savepoint was released
    runs, session.info[_OUTGOING] = session.info[_OUTGOING], []
    for name, queue, run_id, request_id in runs:
        try:
            current_runtime().tasks.send(name, queue, run_id, {"request_id": request_id})
        except Exception:
            # The change is committed; whatever ails the broker, the relay sends the run.
            log.warning("run_not_sent", task=name, run_id=run_id, exc_info=True)
            return


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[_OUTGOING] = []


def cancel(session: Session, run_id: UUID) -> None:
    """See ``tasks.cancel_run``."""
    run = _locked(session, run_id)
    if run.status == "queued":
        end(run, "cancelled")
    elif run.status == "running":
        run.cancel_requested = True


def retry(session: Session, run_id: UUID) -> None:
    """See ``tasks.retry_run``."""
    run = _locked(session, run_id)
    if run.status not in ("failed", "cancelled"):
        raise Conflict(f"this run is {run.status}; only a failed or cancelled one can be run again")
    run.max_attempts = run.attempts + 1
    run.cancel_requested, run.finished_at = False, None
    put_back(run, timedelta())


def _locked(session: Session, run_id: UUID) -> TaskRun:
    run = session.get(TaskRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound("there is no such task run")
    return run


def report(run_id: UUID, attempt: int, done: int, total: int | None, message: str | None) -> bool:
    """Write progress and tell whether the run was cancelled.

    A locked row is left alone: the lock may be the caller's own, whose open transaction saved its state.
    """
    mine = select(TaskRun.id).where(*_fence(run_id, attempt)).with_for_update(skip_locked=True).scalar_subquery()
    statement = (
        update(TaskRun)
        .where(TaskRun.id == mine)
        .values(progress_done=done, progress_total=total, progress_message=message)
        .returning(TaskRun.cancel_requested)
    )
    with platform_scope("progress of a task run") as session:
        return bool(session.scalar(statement))


def save_state(session: Session, run_id: UUID, attempt: int, state: dict[str, Any]) -> None:
    """See ``RunningTask.save_state``."""
    statement = update(TaskRun).where(*_fence(run_id, attempt)).values(state=state).returning(TaskRun.id)
    if session.scalar(statement) is None:
        raise RunSuperseded(f"run {run_id} is not this attempt's any more, or belongs to another tenant")


def succeed(session: Session, run_id: UUID, attempt: int, result: dict[str, Any] | None) -> None:
    """End a run well, in the transaction of its effects.

    Raises:
        RunSuperseded: If another worker took the run over.
    """
    run = _mine(session, run_id, attempt)
    run.result = result
    end(run, "succeeded")


def fail(session: Session, run_id: UUID, attempt: int, error: str) -> str:
    """Put a failed run back for a later attempt, or end it if that was the last one.

    Returns:
        The run's new status.

    Raises:
        RunSuperseded: If another worker took the run over.
    """
    run = _mine(session, run_id, attempt)
    if attempt >= run.max_attempts:
        end(run, "failed", error)
    else:
        run.error = error[:ERROR_LENGTH]
        put_back(run, backoff(attempt))
    return run.status


def end_cancelled(session: Session, run_id: UUID, attempt: int) -> None:
    """End a run that stopped because it was cancelled.

    Raises:
        RunSuperseded: If another worker took the run over.
    """
    end(_mine(session, run_id, attempt), "cancelled")


def find_due(session: Session, run_id: UUID) -> TaskRun | None:
    """Return a run that may start now, locked; ``None`` if it has ended or waits for its time."""
    due = select(TaskRun).where(TaskRun.id == run_id, TaskRun.status.in_(OPEN), TaskRun.not_before <= func.now())
    return session.scalars(due.with_for_update()).one_or_none()


def start(run: TaskRun) -> None:
    """Begin an attempt."""
    run.status, run.attempts, run.started_at = "running", run.attempts + 1, func.now()


def put_back(run: TaskRun, wait: timedelta) -> None:
    """Have the relay send a run after a while."""
    run.status, run.sent_at, run.not_before = "queued", None, func.now() + wait


def end(run: TaskRun, status: str, error: str | None = None) -> None:
    """End a run."""
    run.status, run.finished_at, run.error = status, func.now(), error and error[:ERROR_LENGTH]


def _mine(session: Session, run_id: UUID, attempt: int) -> TaskRun:
    run = session.scalars(select(TaskRun).where(*_fence(run_id, attempt)).with_for_update()).one_or_none()
    if run is None:
        raise RunSuperseded(f"run {run_id} is not this attempt's any more")
    return run


def _fence(run_id: UUID, attempt: int) -> tuple[Any, ...]:
    return TaskRun.id == run_id, TaskRun.attempts == attempt, TaskRun.status == "running"
