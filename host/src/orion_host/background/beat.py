"""The beat: starts what the schedule says. Two beats, a late one or a week of silence give one run, not more.

What is started is remembered in the database: each entry's latest minute that needs no further run. Whoever moves
that mark forward starts the entry's runs, in the same transaction.
"""

import threading
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import NOWHERE, SYSTEM, RequestContext, Tenant, use_context
from orion_core.db import platform_scope
from orion_core.ids import new_id
from orion_core.models.task_run import ScheduleMark
from orion_core.runtime import Runtime, use_runtime
from orion_core.services import fleet
from orion_core.tasks import enqueue
from orion_host.background.places import Places
from orion_host.background.schedule import ScheduleEntry, build_schedule

POLL_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Beat:
    """One beat; several may run.

    Args:
        runtime: The process's runtime.
        entries: The schedule.
    """

    def __init__(self, runtime: Runtime, entries: Sequence[ScheduleEntry]) -> None:
        self._runtime = runtime
        self._entries = entries
        self._places = Places(runtime.assembly)
        self._seen: dict[str, datetime] = {}
        self._workers_run: frozenset[str] | None = None

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; a database that is away is waited for.

        Args:
            stop: Set it to end the beat.
        """
        while not stop.is_set():
            try:
                self.tick()
            except Exception:
                log.exception("beat_failed")
            stop.wait(POLL_SECONDS)

    def tick(self, now: datetime | None = None) -> int:
        """Start what has become due since the last look.

        Args:
            now: The time; by default the database's, the same for all beats.

        Returns:
            How many runs were started.
        """
        with use_runtime(self._runtime), use_context(NOWHERE):
            with platform_scope("read the clock, and what workers run") as session:
                now = now or session.scalars(select(func.now())).one()
                self._workers_run = fleet.modules_of_workers(session)
            return sum(self._tend(entry, now) for entry in self._entries)

    def _tend(self, entry: ScheduleEntry, now: datetime) -> int:
        try:
            return self._start_if_due(entry, now)
        except Exception:
            log.exception("schedule_failed", entry=entry.name)  # the others are still due
            return 0

    def _start_if_due(self, entry: ScheduleEntry, now: datetime) -> int:
        due = entry.latest(now)
        if self._seen.get(entry.name) == due or not self._can_run(entry):
            return 0
        platforms = self._places.platforms().values() if entry.per_platform else (None,)
        tenants = [Tenant(platform=platform) if platform else None for platform in platforms]
        started = 0
        with platform_scope("start a scheduled task") as session:
            if _move_mark(session, entry.name, due):
                for tenant in tenants:
                    context = RequestContext(tenant=tenant, actor=SYSTEM, request_id=new_id().hex)
                    if context.module_is_on(entry.module):
                        with use_context(context):
                            enqueue(session, entry.task)
                        started += 1
                log.info("schedule_due", entry=entry.name, due=due.isoformat(), runs=started)
        self._seen[entry.name] = due
        return started

    def _can_run(self, entry: ScheduleEntry) -> bool:
        """Tell whether its module takes part here and in the workers; if not, the entry stays due."""
        return entry.module not in self._runtime.standing.out() and (
            self._workers_run is None or entry.module in self._workers_run
        )


def _move_mark(session: Session, entry: str, due: datetime) -> bool:
    """Tell whether this beat is the one to start an entry. One that is new waits for its next time."""
    new = insert(ScheduleMark).values(entry=entry, due=due).on_conflict_do_nothing().returning(ScheduleMark.entry)
    if session.scalar(new) is not None:
        return False
    moved = update(ScheduleMark).where(ScheduleMark.entry == entry, ScheduleMark.due < due).values(due=due)
    return session.scalar(moved.returning(ScheduleMark.entry)) is not None


def run_beat(runtime: Runtime, stop: threading.Event) -> None:
    """Run a beat until told to stop.

    Args:
        runtime: The process's runtime.
        stop: Set it to end the beat.

    Raises:
        ValueError: If a task that is scheduled needs arguments.
    """
    Beat(runtime, build_schedule(runtime.assembly)).run(stop)
