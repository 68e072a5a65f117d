"""What people ask about task runs: which there are, and how each is getting on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from orion_core.errors import NotFound
from orion_core.models.task_run import TaskRun
from orion_core.services.newest import Key, take


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs to list; an empty text does not matter.

    Args:
        status: Only runs in this status.
        task: Only runs of tasks whose name begins like this.
        queue: Only runs of this queue.
    """

    status: str = ""
    task: str = ""
    queue: str = ""


def list_runs(
    session: Session, wanted: RunFilter, *, after: Key | None = None, limit: int = 20
) -> tuple[list[TaskRun], Key | None]:
    """Return a page of runs, newest first, and the key of the next page.

    Args:
        session: A session that sees them; platform-wide for those of all tenants.
        wanted: Which.
        after: Key of the last run seen.
        limit: Runs wanted.

    Raises:
        InvalidInput: If ``after`` belongs to another list.
    """
    statement = select(TaskRun)
    if wanted.task:
        statement = statement.where(TaskRun.task.startswith(wanted.task, autoescape=True))
    for column, value in ((TaskRun.status, wanted.status), (TaskRun.queue, wanted.queue)):
        if value:
            statement = statement.where(column == value)
    return take(session, statement, TaskRun.id, UUID, after=after, limit=limit)


def get_run(session: Session, run_id: UUID) -> TaskRun:
    """Return one run.

    Raises:
        NotFound: If there is no such run, or none any more.
    """
    run = session.get(TaskRun, run_id)
    if run is None:
        raise NotFound("there is no such task run; those that ended are forgotten after a month")
    return run


def latest_runs(session: Session, tasks: Sequence[str]) -> dict[str, TaskRun]:
    """Return the newest run of each task that has one.

    Args:
        session: A session that sees them.
        tasks: Names of tasks.
    """
    names = func.unnest(literal(list(tasks), ARRAY(Text))).table_valued("name", name="names")
    newest = select(TaskRun).where(TaskRun.task == names.c.name).order_by(TaskRun.id.desc()).limit(1).lateral()
    run = aliased(TaskRun, newest)
    found = session.scalars(select(run).select_from(names).join(newest, true()))
    return {run.task: run for run in found}
