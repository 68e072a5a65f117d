"""New records written with one statement, for hot paths."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnDefault, LargeBinary, TypeDecorator, inspect
from sqlalchemy.orm import Mapper, Session

from orion_core.db.prepared import DIALECT, run

_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Insertion:
    """How records of one class are written: the statement, and by attribute its column and what stands in for none."""

    sql: str
    attributes: list[tuple[str, str, Callable[[], Any] | None]]


def insert_all(session: Session, records: Sequence[object]) -> None:
    """Write new records with a single statement, past the unit of work: for hot paths.

    The records do not belong to the session afterwards, and do not know what the database filled in by itself: whoever
    goes on to change one reads it first.

    Args:
        session: A session; row-level security applies as to all its statements.
        records: New records that no session knows yet. They may refer to one another.

    Raises:
        TypeError: If a class has columns whose values JSON cannot carry, such as bytes.
        sqlalchemy.exc.DBAPIError: What the database refuses.
    """
    by_class: dict[type, list[object]] = {}
    for record in records:
        by_class.setdefault(type(record), []).append(record)
    if not by_class:
        return
    values = {f"rows_{at}": _rows(kind, same) for at, (kind, same) in enumerate(by_class.items())}
    run(session, _statement(tuple(by_class)), values)


def _rows(kind: type, records: list[object]) -> str:
    attributes = _insertion_of(kind).attributes
    return _ENCODE([_row(record, attributes) for record in records]).decode()


def _row(record: object, attributes: list[tuple[str, str, Callable[[], Any] | None]]) -> dict[str, Any]:
    given, row = record.__dict__, {}
    for attribute, column, default in attributes:
        if default and attribute not in given:
            setattr(record, attribute, default())
        row[column] = given.get(attribute)
    return row


@cache
def _statement(kinds: tuple[type, ...]) -> str:
    """Return one statement for all classes; references between them are checked at its end."""
    inserts = [_insertion_of(kind).sql.format(rows=f"%(rows_{at})s") for at, kind in enumerate(kinds)]
    *first, last = inserts
    return f"WITH {', '.join(f'insert_{at} AS ({sql})' for at, sql in enumerate(first))} {last}" if first else last


@cache
def _insertion_of(kind: type) -> _Insertion:
    mapper: Mapper[Any] = inspect(kind)
    attributes, columns = [], []
    for attribute in mapper.column_attrs:
        column: Any = attribute.columns[0]
        if column.server_default is not None or column.computed is not None or column.identity is not None:
            continue
        if isinstance(column.type, (LargeBinary, TypeDecorator)):
            raise TypeError(f"{kind.__name__}.{attribute.key} cannot be written from JSON")
        stand_in = (lambda: 1) if column is mapper.version_id_col else _stand_in(column.default)
        attributes.append((attribute.key, column.name, stand_in))
        columns.append((DIALECT.identifier_preparer.quote(column.name), column.type.compile(dialect=DIALECT)))
    names = ", ".join(name for name, _ in columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns)
    table = DIALECT.identifier_preparer.format_table(mapper.local_table)
    sql = (
        f"INSERT INTO {table} ({names}) "  # noqa: S608  names of our own tables and columns
        f"SELECT {names} FROM jsonb_to_recordset({{rows}}::jsonb) AS given({typed})"
    )
    return _Insertion(sql, attributes)


def _stand_in(default: ColumnDefault | None) -> Callable[[], Any] | None:
    if default is None:
        return None
    value: Any = default.arg
    return (lambda: value(None)) if default.is_callable else (lambda: value)
