"""Statements of the hot paths: compiled once, then handed to the driver inside the session's transaction.

Executing a prebuilt Core statement through SQLAlchemy costs about 150 µs more than the driver alone (measured
2026-11-23, list of 20), a third of what a list needs of the database side.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

_DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]


class HotStatement:
    """A statement whose values all are plain ones that psycopg takes as they are.

    Args:
        statement: A select or text with named parameters, none of them expanding.
    """

    def __init__(self, statement: Executable) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self.fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows as plain tuples."""
        driver: Any = session.connection().connection.driver_connection
        found: list[tuple[Any, ...]] = driver.execute(self.sql, {**self.fixed, **values}).fetchall()
        return found
