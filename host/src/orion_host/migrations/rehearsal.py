"""Runs an upgrade on a copy and tells, for each revision, how long it takes, what it locks and whether it goes back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, text

from orion_host.migrations.revisions import MigrationError, Revision
from orion_host.migrations.runner import Migrator, Report, say_nothing

MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
"""PostgreSQL's table locks, the weakest first."""

TABLES = "SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'm')"
LOCKS = """
    SELECT l.relation::regclass::text, l.mode FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.pid = pg_backend_pid() AND l.granted AND l.relation = ANY (:tables)
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relname <> 'alembic_version'
"""


@dataclass(slots=True)
class Rehearsed:
    """What a revision did to the copy.

    Args:
        revision: Its id.
        seconds: How long it took.
        locks: The strongest lock it held at its end on each table that was there before.
        back: Why it cannot be taken back; empty if it can.
        failure: Why it failed; empty if it did not.
    """

    revision: str
    seconds: float = 0.0
    locks: dict[str, str] = field(default_factory=dict)
    back: str = ""
    failure: str = ""

    @property
    def locks_in_words(self) -> str:
        """The locks in one line, the strongest first."""
        strongest_first = sorted(self.locks.items(), key=lambda lock: -MODES.index(lock[1]))
        return ", ".join(f"{table} {mode.removesuffix('Lock')}" for table, mode in strongest_first)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


class RehearsalFailed(MigrationError):
    """A revision would fail."""

    code = "rehearsal_failed"


def rehearse(migrator: Migrator, report: Report = say_nothing) -> list[Rehearsed]:
    """Run all pending revisions on a copy: each one forward, back and forward again.

    Args:
        migrator: Of the copy; it is closed.
        report: Is told each step.

    Returns:
        What each revision did; the first that failed is the last one.
    """
    done: list[Rehearsed] = []
    try:
        with migrator.locked(report) as connection:
            for revision in migrator.plan().steps:
                report(f"rehearsing {revision.id}")
                done.append(_rehearsed(migrator, connection, revision))
                if done[-1].failure:
                    break
    finally:
        migrator.close()
    return done


def refuse_failures(steps: Iterable[Rehearsed]) -> None:
    """Raise if a rehearsed revision failed.

    Args:
        steps: From ``rehearse``.

    Raises:
        RehearsalFailed: With the reason.
    """
    for step in steps:
        if step.failure:
            raise RehearsalFailed(f"the upgrade would fail: {step.failure}")


def _rehearsed(migrator: Migrator, connection: Connection, revision: Revision) -> Rehearsed:
    step = Rehearsed(revision.id)
    with connection.begin():
        tables = list(connection.scalars(text(TABLES)))

    def note_locks(running: Connection) -> None:
        for table, mode in running.execute(text(LOCKS), {"tables": tables}):
            step.locks[table] = max(mode, step.locks.get(table, mode), key=MODES.index)

    started = perf_counter()
    try:
        migrator.run(connection, revision, before_commit=note_locks)
        step.seconds = perf_counter() - started
    except MigrationError as error:
        step.failure = error.detail
        return step
    try:
        migrator.run(connection, revision, forward=False)
    except MigrationError as error:
        step.back = error.detail
        return step
    try:
        migrator.run(connection, revision)
    except MigrationError as error:
        step.failure = f"after it was taken back, {error.detail}"
    return step
