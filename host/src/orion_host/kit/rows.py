"""Rows made up from what tables are like, so that every tenant table can be tried with something in it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from orion_core.ids import new_id

_ONE_OF = re.compile(r"(\w+) IN \('([^']*)'")
_LENGTH = re.compile(r"char_length\((\w+)\) = (\d+)")
_numbers = count(1)

Row = Mapping[str, Any]


class Maker:
    """Makes rows of one tenant, and whatever they refer to.

    Args:
        connection: A connection of the owner, who sees all rows.
        ids: The tenant: ``store_id``, ``merchant_id`` and ``platform_id``.
    """

    def __init__(self, connection: Connection, ids: Mapping[str, UUID]) -> None:
        self._connection = connection
        self._ids = ids

    def row(self, table: Table, fixed: Row | None = None) -> Row:
        """Return a row of ``table`` with these values, made if there is none yet.

        Args:
            table: The table.
            fixed: Values it must have.
        """
        values = {**self._tenant_of(table), **(fixed or {})}
        found = self._find(table, values)
        if found is not None:
            return found
        for constraint in table.foreign_key_constraints:
            columns = [column.name for column in constraint.columns]
            if all(name in values or not table.columns[name].nullable for name in columns):
                targets = [element.column.name for element in constraint.elements]
                known = {t: values[c] for c, t in zip(columns, targets, strict=True) if values.get(c) is not None}
                parent = self.row(constraint.referred_table, known)
                values |= {c: parent[t] for c, t in zip(columns, targets, strict=True)}
        for column in table.columns:
            if column.name not in values and _needs_a_value(column):
                values[column.name] = _value(column, table)
        return self._add(table, values)

    def _add(self, table: Table, values: dict[str, Any]) -> Row:
        """Add a row with zeros as numbers, or with ones where a check wants more than nothing."""
        try:
            with self._connection.begin_nested():
                self._insert(table, values)
        except IntegrityError:
            values = {name: 1 if value == 0 and type(value) is int else value for name, value in values.items()}
            self._insert(table, values)
        return self._find(table, values) or values

    def _insert(self, table: Table, values: Row) -> None:
        self._connection.execute(insert(table).values({table.columns[name]: value for name, value in values.items()}))

    def _tenant_of(self, table: Table) -> dict[str, Any]:
        own = {name: value for name, value in self._ids.items() if name in table.columns}
        if table.schema == "tenancy" and f"{table.name.removesuffix('s')}_id" in self._ids:
            own["id"] = self._ids[f"{table.name.removesuffix('s')}_id"]
        return own

    def _find(self, table: Table, values: Row) -> Row | None:
        keys = {column.name for column in table.primary_key.columns}
        if not keys <= values.keys():
            return None
        chosen = select(table).where(*(table.columns[name] == values[name] for name in keys))
        row = self._connection.execute(chosen).mappings().one_or_none()
        return None if row is None else dict(row)


def _needs_a_value(column: Column[Any]) -> bool:
    generated = column.server_default is not None or column.identity is not None or column.computed is not None
    return not column.nullable and not generated


def _value(column: Column[Any], table: Table) -> Any:
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    if column.name == "currency":
        return "EUR"  # pages write amounts in it
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            text = str(constraint.sqltext)
            if (allowed := _ONE_OF.search(text)) and allowed[1] == column.name:
                return allowed[2]
            if (length := _LENGTH.search(text)) and length[1] == column.name:
                return f"{next(_numbers):x}".rjust(int(length[2]), "A")[-int(length[2]) :]
    return _of_type(column.type)


def _of_type(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, JSON):
        return {}
    try:
        python = kind.python_type
    except NotImplementedError:
        return "made:1"  # PostgreSQL reads it as most types of its own, tsvector among them
    number = next(_numbers)
    made: dict[type, Any] = {
        UUID: new_id(),
        str: f"made-up-{number}",
        bool: False,
        int: 0,
        float: 0.0,
        Decimal: Decimal(0),
        bytes: number.to_bytes(32, "big"),
        datetime: datetime.now(UTC),
        date: datetime.now(UTC).date(),
        time: datetime.now(UTC).time(),
        timedelta: timedelta(days=1),
        dict: {},
        list: [],
    }
    return made.get(python, "made:1")
