"""Care for the list of live processes: each reports itself, and anybody may ask who is there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.models.fleet import Process

LIVE = timedelta(seconds=20)
"""A process that was not heard of for so long counts as dead."""


def report(session: Session, process_id: UUID, values: dict[str, Any]) -> None:
    """Write down that a process lives.

    Args:
        session: A platform-wide session.
        process_id: Made once by each process.
        values: The other columns of ``Process``, without the times.
    """
    row = insert(Process).values(id=process_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={**values, "seen_at": func.now()}))


def leave(session: Session, process_id: UUID) -> None:
    """Take a process that ends off the list, and those that are long dead."""
    session.execute(delete(Process).where((Process.id == process_id) | (Process.seen_at < func.now() - 100 * LIVE)))


def live_processes(session: Session) -> Sequence[Process]:
    """Return the processes that were heard of lately.

    Args:
        session: A platform-wide session.
    """
    live = select(Process).where(Process.seen_at > func.now() - LIVE)
    return session.scalars(live.order_by(Process.kind, Process.host, Process.pid)).all()


def modules_of_workers(session: Session) -> frozenset[str] | None:
    """Return the modules that take part in every live worker; ``None`` if no worker is alive.

    A message may reach any worker, so work of other modules has to wait.

    Args:
        session: A platform-wide session.
    """
    workers = [each for each in live_processes(session) if each.kind == "worker"]
    if not workers:
        return None
    return frozenset.intersection(*(frozenset(each.modules.keys() - each.out.keys()) for each in workers))
