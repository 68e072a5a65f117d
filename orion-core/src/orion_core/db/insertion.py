"""New records written with one statement, for hot paths."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnDefault, LargeBinary, TypeDecorator, inspect
from sqlalchemy.orm import Mapper, Session

from orion_core.db.prepared import DIALECT, run

_ENCODE = msgspec.json.Encoder().encode
R = TypeVar("R")


def unmanaged(kind: type[R], /, **values: Any) -> R:
    """Return a record that no session manages: it can be read, and written once with ``insert_all``.

    SQLAlchemy notes each change of a managed record's attributes, which is most of what making one costs: 28
    microseconds for a line of an order, 4 without (CPython 3.11, 2026-11).

    Args:
        kind: A mapped class.
        values: Its attributes. One that is left out gets its column's default, and its tenant is that of the current
            context; what the database would fill in, such as a time stamp, stays unknown.

    Returns:
        The record. Its attributes cannot be set, and no session takes it.

    Raises:
        TypeError: If the class has no such attribute.
    """
    known, stand_ins = _attributes_of(inspect(kind))
    if not known.issuperset(values):
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(values.keys() - known))}")
    for name, stand_in in stand_ins:
        if name not in values:
            values[name] = stand_in()
    record = kind.__new__(kind)
    vars(record).update(values)
    return record


def insert_all(session: Session, records: Sequence[object]) -> None:
    """Write new records with a single statement, past the unit of work: for hot paths.

    Args:
        session: A session; row-level security applies as to all its statements.
        records: What ``unmanaged`` made. They may refer to one another.

    Raises:
        TypeError: If a class has columns whose values JSON cannot carry, such as bytes.
        sqlalchemy.exc.DBAPIError: What the database refuses.
    """
    by_class: dict[type, list[dict[str, Any]]] = {}
    for record in records:
        by_class.setdefault(type(record), []).append(vars(record))
    if not by_class:
        return
    values = {f"rows_{at}": _ENCODE(rows).decode() for at, rows in enumerate(by_class.values())}
    run(session, _statement(tuple(by_class)), values)


@cache
def _attributes_of(mapper: Mapper[Any]) -> tuple[frozenset[str], list[tuple[str, Callable[[], Any]]]]:
    """Return the names of all attributes, and what stands in for one that is not given."""
    stand_ins = [
        (name, (lambda: 1) if column is mapper.version_id_col else _stand_in(column.default))
        for name, column in _written(mapper)
    ]
    return frozenset(mapper.column_attrs.keys()), stand_ins


@cache
def _statement(kinds: tuple[type, ...]) -> str:
    """Return one statement for all classes; references between them are checked at its end."""
    inserts = [_insertion_of(kind).format(rows=f"%(rows_{at})s") for at, kind in enumerate(kinds)]
    *first, last = inserts
    return f"WITH {', '.join(f'insert_{at} AS ({sql})' for at, sql in enumerate(first))} {last}" if first else last


@cache
def _insertion_of(kind: type) -> str:
    mapper: Mapper[Any] = inspect(kind)
    quote = DIALECT.identifier_preparer.quote
    columns, attributes, types = [], [], []
    for name, column in _written(mapper):
        if isinstance(column.type, (LargeBinary, TypeDecorator)):
            raise TypeError(f"{kind.__name__}.{name} cannot be written from JSON")
        columns.append(quote(column.name))
        attributes.append(quote(name))
        types.append(f"{quote(name)} {column.type.compile(dialect=DIALECT)}")
    return (
        f"INSERT INTO {DIALECT.identifier_preparer.format_table(mapper.local_table)} ({', '.join(columns)}) "  # noqa: S608  names of our own tables and columns
        f"SELECT {', '.join(attributes)} FROM jsonb_to_recordset({{rows}}::jsonb) AS given({', '.join(types)})"
    )


def _written(mapper: Mapper[Any]) -> list[tuple[str, Any]]:
    """Return attributes and columns without those that the database fills in by itself."""
    pairs: list[tuple[str, Any]] = [(attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs]
    return [
        (name, column)
        for name, column in pairs
        if column.server_default is None and column.computed is None and column.identity is None
    ]


def _stand_in(default: ColumnDefault | None) -> Callable[[], Any]:
    if default is None:
        return lambda: None
    value: Any = default.arg
    return (lambda: value(None)) if default.is_callable else (lambda: value)
