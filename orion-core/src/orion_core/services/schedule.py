"""What people ask about the schedule: when each entry is next due, how far it got, how its last run ended."""

from dataclasses import dataclass
from datetime import datetime

from croniter import croniter  # type: ignore[import-untyped]
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.contributions import ScheduledTask
from orion_core.models.task_run import ScheduleMark, TaskRun
from orion_core.services.installed import list_entries
from orion_core.services.task_run_lists import latest_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryState:
    """An entry of the schedule and where it stands.

    Args:
        module: Whose it is.
        entry: What it starts, and when.
        next_due: When it is due next.
        marked: The latest minute that needs no further run; ``None`` until a beat has seen the entry.
        last_run: The newest run of its task, whoever asked for it.
    """

    module: str
    entry: ScheduledTask
    next_due: datetime
    marked: datetime | None
    last_run: TaskRun | None


def list_schedule(session: Session) -> list[EntryState]:
    """Return all entries, those that are due next first.

    Args:
        session: A platform-wide session; nobody else sees how far the schedule got.
    """
    entries = list_entries()
    now = session.scalars(select(func.now())).one()
    marks = {mark.entry: mark.due for mark in session.scalars(select(ScheduleMark))}
    runs = latest_runs(session, [entry.task for _, entry in entries])
    states = [
        EntryState(
            module=module,
            entry=entry,
            next_due=croniter(entry.cron, now).get_next(datetime),
            marked=marks.get(entry.name),
            last_run=runs.get(entry.task),
        )
        for module, entry in entries
    ]
    return sorted(states, key=lambda state: (state.next_due, state.entry.name))
