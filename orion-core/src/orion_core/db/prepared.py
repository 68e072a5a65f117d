"""Core statements compiled once and run by the driver itself, for hot paths.

Executing a prebuilt Core statement through SQLAlchemy costs about 150 microseconds more (measured 2026-11-23 on a list
of 20 rows), a third of what such a list needs of the database side.
"""

import weakref
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import psycopg
from sqlalchemy import ARRAY, ColumnElement, Executable, any_, bindparam, func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

DIALECT = make_url("postgresql+psycopg://").get_dialect()()
_CURSOR = "orion.cursor"


class Prepared:
    """A statement built once; each run gives plain tuples, past SQLAlchemy's result handling.

    Values are handed to psycopg as they are: no bind or result processing of custom types takes place.

    Args:
        statement: A Core statement whose variable parts are named ``bindparam``s.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement

    @cached_property
    def _built(self) -> tuple[str, dict[str, Any]]:
        """The statement as text, and the values that are a part of it.

        Built with its first run: it needs all mappers, and a module that is broken there would otherwise be found in
        whoever is imported first.
        """
        compiled = self._statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
        return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}

    def rows(self, session: Session, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Run the statement in the session's transaction.

        Args:
            session: The session; row-level security applies as to all its statements.
            values: Values of the statement's parameters.

        Returns:
            All rows.

        Raises:
            sqlalchemy.exc.DBAPIError: What the database refuses.
        """
        sql, fixed = self._built
        rows: list[tuple[Any, ...]] = run(session, sql, {**fixed, **values}).fetchall()
        return rows

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Run a statement that returns no rows, and return how many it changed.

        Args:
            session: The session; row-level security applies as to all its statements.
            values: Values of the statement's parameters.

        Raises:
            sqlalchemy.exc.DBAPIError: What the database refuses.
        """
        sql, fixed = self._built
        return run(session, sql, {**fixed, **values}).rowcount


def any_of(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column's value is one of a list that each run is given.

    The list stands in a subquery, where the planner does not look into it. When it sees a list of one or two it takes
    a plan made for just this list for the cheaper one and plans the statement anew each time: 0.2 to 0.4 ms for a join
    of two tables under row-level security (PostgreSQL 18.6, 2026-11).

    Args:
        column: A column with an index.
        name: Name of the parameter; its value is a list.
    """
    given = select(func.unnest(bindparam(name, type_=ARRAY(column.type))))
    return column == any_(func.array(given.scalar_subquery()))


def run(session: Session, sql: str, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
    """Run a statement by the driver itself; what the database refuses is raised as SQLAlchemy raises it.

    Args:
        session: The session.
        sql: The statement, with named parameters as psycopg writes them.
        values: Their values.

    Returns:
        The session's cursor, to be read before its next statement.
    """
    cursor = _cursor(session)
    try:
        return cursor.execute(sql, values)
    except psycopg.Error as error:
        raise DBAPIError.instance(sql, None, error, psycopg.Error, hide_parameters=True, dialect=DIALECT) from error


def _cursor(session: Session) -> psycopg.Cursor[Any]:
    """Return the driver's cursor of the session's transaction, which is asked for with each statement."""
    transaction = session.get_transaction()
    known: tuple[Any, psycopg.Cursor[Any]] | None = session.info.get(_CURSOR)
    if transaction is None or known is None or known[0]() is not transaction:
        driver: Any = session.connection().connection.driver_connection
        # A weak reference: the transaction knows its session, which would otherwise wait for the collector.
        session.info[_CURSOR] = known = (weakref.ref(session.get_transaction()), driver.cursor())
    return known[1]
