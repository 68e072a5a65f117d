"""The schedule: what the modules want to run by the clock, in one list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from croniter import croniter  # type: ignore[import-untyped]
from pydantic import ValidationError

from orion_core import ScheduledTask
from orion_core.runtime import AssemblyView
from orion_core.tasks import TaskDefinition
from orion_host.background.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    """A task that runs by the clock.

    Args:
        name: Unique name of the entry.
        module: Whose it is.
        task: The task.
        cron: Five fields, UTC.
        per_platform: One run for each platform where the module is on, instead of one for the installation.
    """

    name: str
    module: str
    task: TaskDefinition
    cron: str
    per_platform: bool

    def latest(self, now: datetime) -> datetime:
        """Return the latest minute up to ``now`` at which the entry was due."""
        # croniter leaves out the very moment it starts from.
        due: datetime = croniter(self.cron, now + timedelta(microseconds=1)).get_prev(datetime)
        return due


def build_schedule(assembly: AssemblyView) -> list[ScheduleEntry]:
    """Return what the installed modules want to run by the clock. The assembly has made sure that it is sound.

    Args:
        assembly: What is installed.

    Raises:
        ValueError: If a task that is scheduled needs arguments; the message names it.
    """
    tasks = Catalogue(assembly).tasks
    return [
        _entry(module, scheduled, tasks[scheduled.task])
        for module, task_set in assembly.contributions("orion_tasks")
        for scheduled in task_set.schedule
    ]


def _entry(module: str, scheduled: ScheduledTask, definition: TaskDefinition) -> ScheduleEntry:
    try:
        definition.parse(None)
    except ValidationError as error:
        raise ValueError(f"module {module!r} schedules {scheduled.task!r}, which needs arguments") from error
    return ScheduleEntry(
        name=scheduled.name,
        module=module,
        task=definition,
        cron=scheduled.cron,
        per_platform=scheduled.per_platform,
    )
