"""Locks that end with the process: advisory locks of a database session that does nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from orion_core.db.session import Database


@contextmanager
def advisory_locks(database: Database) -> Iterator[Callable[[str], bool]]:
    """Take locks for as long as the block runs.

    The database session must be PostgreSQL's own: a pooler that changes it between transactions loses the locks.

    Args:
        database: Where.

    Yields:
        A function that tries to take the lock of a name and tells whether it did. It never waits.
    """
    with database.platform.connect() as connection:

        def take(name: str) -> bool:
            with connection.begin():  # short: the lock belongs to the session and outlives it
                taken = connection.scalar(select(func.pg_try_advisory_lock(func.hashtextextended(name, 0))))
            return bool(taken)

        try:
            yield take
        finally:
            try:
                with connection.begin():
                    connection.execute(select(func.pg_advisory_unlock_all()))
            except SQLAlchemyError:
                connection.invalidate()  # its session is gone, and the locks with it
