"""Works a task run off: by one worker at a time, in its tenant's context, with its end written down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded  # type: ignore[import-untyped]
from structlog.contextvars import bound_contextvars

from orion_core.context import SYSTEM, Actor, RequestContext, use_context
from orion_core.db import platform_scope
from orion_core.db.locks import advisory_locks
from orion_core.models.task_run import TaskRun
from orion_core.runtime import current_runtime
from orion_core.services import task_runs
from orion_core.services.task_runs import RunSuperseded
from orion_core.tasks import RunningTask, TaskCancelled, TaskDefinition
from orion_host.background.catalogue import module_of
from orion_host.background.places import Places, TenantGone, transaction

OUT_WAIT = timedelta(seconds=10)
"""How long a run rests before it is looked at again whose module takes no part in this worker."""
EXCLUSIVE_WAIT = timedelta(seconds=5)
"""How long a run waits before it looks again whether the other run of an exclusive task has ended."""

log = structlog.get_logger(__name__)


def execute(places: Places, definition: TaskDefinition, run_id: UUID) -> None:
    """Work a run off, unless it has ended, waits for its time, or another worker is at it.

    Args:
        places: Finds its tenant.
        definition: Its task.
        run_id: The run.
    """
    with (
        advisory_locks(current_runtime().database) as take,
        bound_contextvars(task=definition.name, run_id=str(run_id)),
    ):
        if not take(str(run_id)):
            log.info("run_is_elsewhere")
            return
        with platform_scope("start a task run") as session:
            run = task_runs.find_due(session, run_id)
            context = _start(places, definition, run, take) if run else None
        if run and context:
            with use_context(context):
                _attempt(definition, run)


def _start(
    places: Places, definition: TaskDefinition, run: TaskRun, take: Callable[[str], bool]
) -> RequestContext | None:
    """Begin an attempt and return its context, or end the run or put it back and return ``None``."""
    if module_of(definition.name) in current_runtime().standing.out():
        task_runs.put_back(run, OUT_WAIT)
        return None
    try:
        context = places.context(run, request_id=run.request_id, locale=run.locale, actor=_actor(run))
    except TenantGone as gone:
        task_runs.end(run, "skipped", str(gone))
        return None
    if ending := _ending(definition, run, context):
        task_runs.end(run, *ending)
    elif definition.exclusive and not take(f"{run.task} {run.store_id or run.merchant_id or run.platform_id}"):
        task_runs.put_back(run, EXCLUSIVE_WAIT)
    else:
        task_runs.start(run)
        return context
    return None


def _ending(definition: TaskDefinition, run: TaskRun, context: RequestContext) -> tuple[str, str | None] | None:
    """Return status and reason of a run that must not begin."""
    module = module_of(definition.name)
    if run.cancel_requested:
        return "cancelled", None
    if not context.module_is_on(module):
        return "skipped", f"module {module} is switched off"
    if run.attempts >= run.max_attempts:
        return "failed", run.error or "its worker died"
    return None


def _actor(run: TaskRun) -> Actor:
    kind: Any = run.actor_kind
    return Actor(kind=kind, id=run.actor_id) if kind else SYSTEM


def _attempt(definition: TaskDefinition, run: TaskRun) -> None:
    running = RunningTask(run.id, run.attempts, run.state)
    log.info("run_started", attempt=running.attempt)
    try:
        status = _outcome(definition, run.args, running)
    except RunSuperseded as superseded:
        log.warning("run_superseded", attempt=running.attempt, reason=str(superseded))
    else:
        log.info("run_ended", attempt=running.attempt, status=status)


def _outcome(definition: TaskDefinition, args: dict[str, Any], running: RunningTask) -> str:
    try:
        _call(definition, args, running)
    except RunSuperseded:
        raise
    except TaskCancelled:
        with platform_scope("end a cancelled task run") as session:
            task_runs.end_cancelled(session, running.id, running.attempt)
        return "cancelled"
    except Exception as error:
        log.exception("run_raised", attempt=running.attempt)
        too_long = isinstance(error, SoftTimeLimitExceeded)
        reason = f"took longer than {definition.time_limit} s" if too_long else f"{type(error).__name__}: {error}"
        with platform_scope("note a failed task run") as session:
            return task_runs.fail(session, running.id, running.attempt, reason)
    return "succeeded"


def _call(definition: TaskDefinition, args: dict[str, Any], running: RunningTask) -> None:
    available: dict[str, Any] = {"args": definition.parse(args), "run": running}
    given = {name: value for name, value in available.items() if name in definition.takes}
    if "session" in definition.takes:
        with transaction() as session:
            definition.function(session=session, **given)
            task_runs.succeed(session, running.id, running.attempt, running.outcome)
    else:
        definition.function(**given)
        with transaction() as session:
            task_runs.succeed(session, running.id, running.attempt, running.outcome)
