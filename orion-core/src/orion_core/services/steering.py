"""What people do to work in the background, each noted in the audit trail in the same transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core import tasks
from orion_core.context import Tenant, current_context, use_context
from orion_core.errors import Conflict, InvalidInput, NotFound
from orion_core.models.outbox import EventDelivery
from orion_core.models.task_run import TaskRun
from orion_core.runtime import current_runtime
from orion_core.services import deliveries, replay
from orion_core.services.audit import audit
from orion_core.services.installed import find_entry, find_task
from orion_core.services.replay import Replayed
from orion_core.services.task_run_lists import get_run
from orion_core.tasks import TaskDefinition


@dataclass(frozen=True, slots=True)
class Subscription:
    """All deliveries of a subscriber, as the audit trail names them; its module need not be installed any more."""

    id: str


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """An entry of the schedule, as the audit trail names it."""

    id: str


def retry_run(session: Session, run_id: UUID) -> TaskRun:
    """Allow a failed or cancelled run one more attempt.

    Raises:
        NotFound: If there is no such run.
        Conflict: If it has neither failed nor been cancelled.
    """
    tasks.retry_run(session, run_id)
    return _noted(session, "core.retry_run", run_id)


def cancel_run(session: Session, run_id: UUID) -> TaskRun:
    """Cancel a run: a waiting one at once, a running one when it next reports progress.

    Raises:
        NotFound: If there is no such run.
        Conflict: If it has ended.
    """
    run = get_run(session, run_id)
    session.refresh(run, with_for_update=True)
    if run.finished_at is not None:
        raise Conflict(f"this run is {run.status}; only a queued or running one can be cancelled")
    tasks.cancel_run(session, run_id)
    return _noted(session, "core.cancel_run", run_id)


def run_task(
    session: Session, name: str, args: Mapping[str, Any] | None = None, tenant: Tenant | None = None
) -> TaskRun:
    """Ask for a run of an installed task. The relay sends it, so that no broker is needed now.

    Args:
        session: A platform-wide session.
        name: The task.
        args: Its arguments.
        tenant: Whom it works for; nobody in particular if not given.

    Raises:
        NotFound: If there is no such task.
        InvalidInput: If the arguments do not fit the task's model.
        Conflict: If the task's module is switched off there.
    """
    module, definition = find_task(name)
    with use_context(replace(current_context(), tenant=tenant)):
        if not current_context().module_is_on(module):
            raise Conflict(f"module {module} is switched off there; switch it on first")
        run_id = _enqueue(session, definition, args)
    return _noted(session, "core.run_task", run_id)


def run_entry(session: Session, name: str) -> list[TaskRun]:
    """Ask for what an entry of the schedule starts when it is due: a run for each platform where its module is on.

    Args:
        session: A platform-wide session.
        name: The entry.

    Raises:
        NotFound: If there is no such entry.
    """
    module, entry = find_entry(name)
    _, definition = find_task(entry.task)
    runs = []
    for tenant in _platforms(session) if entry.per_platform else (None,):
        with use_context(replace(current_context(), tenant=tenant)):
            if current_context().module_is_on(module):
                runs.append(get_run(session, _enqueue(session, definition, None)))
    audit(session, "core.run_entry", ScheduleEntry(name), runs=[str(run.id) for run in runs])
    return runs


def retry_delivery(session: Session, delivery_id: UUID) -> EventDelivery:
    """Try a dead delivery again.

    Raises:
        NotFound: If there is no such delivery.
        Conflict: If it is not dead.
    """
    deliveries.retry(session, delivery_id)
    delivery = session.get_one(EventDelivery, delivery_id)
    audit(session, "core.retry_delivery", delivery, subscriber=delivery.subscriber, event=str(delivery.event_id))
    session.refresh(delivery)  # the database sets its times
    return delivery


def retry_dead(session: Session, *, subscriber: str, type: str = "") -> int:  # noqa: A002  the field's word
    """Try all dead deliveries of a subscriber again, or only those of one type of event; return how many."""
    count = deliveries.retry_dead(session, subscriber=subscriber, type=type)
    audit(session, "core.retry_dead", Subscription(subscriber), type=type, deliveries=count)
    return count


def replay_events(session: Session, subscriber: str, *, since: datetime | None = None, again: bool = False) -> Replayed:
    """See ``replay.replay``."""
    done = replay.replay(session, subscriber, since=since, again=again)
    audit(
        session,
        "core.replay_events",
        Subscription(subscriber),
        since=since and since.isoformat(),
        again=again,
        made=done.made,
        renewed=done.renewed,
        overtaken=done.overtaken,
    )
    return done


def find_place(session: Session, *, platform: str = "", store: str = "") -> Tenant | None:
    """Return the tenant that codes stand for; ``None`` if none is given.

    Args:
        session: A platform-wide session.
        platform: Code of a platform.
        store: Code of a store; it decides where both are given.

    Raises:
        NotFound: If there is no such platform or store.
    """
    if store:
        directory = _directory()
        found: Tenant | None = directory.find_store(session, store) if directory else None
        if found is None:
            raise NotFound(f"there is no store {store!r}")
        return found
    if not platform:
        return None
    tenants = {tenant.platform.code: tenant for tenant in _platforms(session)}
    if platform not in tenants:
        raise NotFound(f"there is no platform {platform!r}; there are {', '.join(sorted(tenants)) or 'none'}")
    return tenants[platform]


def _directory() -> Any:
    found = current_runtime().assembly.contributions("orion_tenants")
    return found[0][1] if found else None


def _platforms(session: Session) -> list[Tenant]:
    directory = _directory()
    return [Tenant(platform=platform) for platform in directory.platforms(session)] if directory else []


def _enqueue(session: Session, definition: TaskDefinition, args: Mapping[str, Any] | None) -> UUID:
    now = session.scalar(select(func.now()))
    try:
        return tasks.enqueue(session, definition, args, not_before=now)
    except ValidationError as error:
        errors = {".".join(map(str, item["loc"])): item["msg"] for item in error.errors()}
        raise InvalidInput(
            f"these arguments do not fit {definition.name}: {json.dumps(errors, ensure_ascii=False)}", errors=errors
        ) from error
    except TypeError as error:
        raise InvalidInput(str(error), errors={"args": str(error)}) from error


def _noted(session: Session, action: str, run_id: UUID) -> TaskRun:
    run = get_run(session, run_id)
    audit(session, action, run, task=run.task)
    session.refresh(run)  # the database sets its times
    return run
