"""Revisions that wait for a lock: how long, how often, and who is in the way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

LOOK_SECONDS = 0.2
HOLDERS = """
    SELECT pid, usename, extract(epoch FROM clock_timestamp() - xact_start)::integer, left(query, 200)
    FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids(:pid)) ORDER BY xact_start
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a revision waits for locks.

    A statement that waits for a lock lets everybody queue behind it; it rather fails and is tried again.

    Args:
        seconds: How long one statement waits.
        tries: How often the revision is run before it counts as failed.
        pause: Seconds between two tries.
    """

    seconds: float = 5.0
    tries: int = 3
    pause: float = 2.0

    @property
    def statement(self) -> str:
        """The SQL that limits the waiting of the present transaction."""
        return f"SET LOCAL lock_timeout = '{int(self.seconds * 1000)}ms'"


@dataclass(slots=True)
class Waiting:
    """Who was seen to keep a connection waiting.

    Args:
        holders: Described in words; those of the latest look that found any.
    """

    holders: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"; the lock is held by {'; '.join(self.holders)}" if self.holders else ""


@contextmanager
def watching(engine: Engine, connection: Connection) -> Iterator[Waiting]:
    """Look out for whoever makes a connection wait, from a connection beside it: afterwards nobody can tell.

    Args:
        engine: Where to take the other connection from.
        connection: The one that may have to wait.

    Yields:
        What was seen; complete at the end of the block.
    """
    seen, over = Waiting(), threading.Event()
    pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    thread = threading.Thread(target=_look, args=(engine, pid, seen, over), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def is_lock_timeout(error: BaseException) -> bool:
    """Return whether a statement failed because it waited too long for a lock."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.errors.LockNotAvailable)


def _look(engine: Engine, pid: int, seen: Waiting, over: threading.Event) -> None:
    if over.wait(LOOK_SECONDS):
        return  # most revisions are quicker, and need no second connection
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not over.wait(LOOK_SECONDS):
                rows = connection.execute(text(HOLDERS), {"pid": pid}).all()
                if rows:
                    seen.holders = [_described(*row) for row in rows]
    except SQLAlchemyError:
        return  # the revision must not fail because nobody could watch it


def _described(pid: int, user: str, seconds: int | None, query: str | None) -> str:
    if seconds is None:
        return f"pid {pid} ({user}); to see its statement, GRANT pg_read_all_stats to the owner's role"
    return f"pid {pid} ({user}, since {seconds} s): {' '.join((query or '').split())}"
