"""What tests of real workers do and wait for: runs queued, events published, both done."""

from typing import Any
from uuid import UUID

from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.events import publish
from orion_core.tasks import TaskDefinition, enqueue
from tests.host.background.sample import Counted
from tests.host.background.stage import Stage, until


def queued(stage: Stage, definition: TaskDefinition, args: Any = None) -> UUID:
    with use_context(stage.stores[0]), unit_of_work() as session:
        return enqueue(session, definition, args)


def published(stage: Stage, *events: Counted) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        for event in events:
            publish(session, event)


def ended(stage: Stage, run_id: UUID, seconds: float = 20.0) -> dict[str, Any]:
    until(lambda: stage.run(run_id)["finished_at"], seconds)
    return stage.run(run_id)


def done(stage: Stage, subscriber: str, number: int) -> bool:
    return [row["status"] for row in stage.deliveries(subscriber)] == ["done"] * number
