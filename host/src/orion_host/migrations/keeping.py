"""What modules keep about other modules: counted, found when it was left behind, and forgotten."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, Table, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from orion_core import Kept

_MODULE = re.compile(r"[a-z][a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that a module keeps about another one.

    Args:
        keeper: The module that keeps it.
        title: What it is, in the plural.
        count: How many.
    """

    keeper: str
    title: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} {self.title} ({self.keeper})"


Declared = Iterable[tuple[str, Kept]]
"""Pairs of keeper and what it keeps: ``assembly.contributions("orion_kept")``."""


def traces(connection: Connection, declared: Declared) -> dict[str, list[Trace]]:
    """Return what is kept about each module, by the name of that module.

    Args:
        connection: A connection of the owner.
        declared: What modules keep.
    """
    found: dict[str, list[Trace]] = {}
    for keeper, kept in declared:
        for module, count in _counts(connection, column_of(kept)).items():
            found.setdefault(module, []).append(Trace(keeper, kept.title, count))
    return found


def orphans(connection: Connection, declared: Declared, known: Collection[str]) -> Mapping[str, list[Trace]]:
    """Return what is kept about modules that are neither installed nor in the database.

    Args:
        connection: A connection of the owner.
        declared: What modules keep.
        known: Names of all modules that are installed or have a schema.
    """
    found = traces(connection, declared)
    return {name: kept for name, kept in sorted(found.items()) if name not in known and _MODULE.fullmatch(name)}


def forget(connection: Connection, declared: Declared, module: str) -> None:
    """Remove what is kept about a module by others.

    Args:
        connection: A connection of the owner, in a transaction.
        declared: What modules keep.
        module: Whom to forget.
    """
    for keeper, kept in declared:
        column = column_of(kept)
        if keeper != module and _exists(connection, column.table):
            connection.execute(_forgetting(column, module))


def _forgetting(column: Column[Any], module: str) -> Any:
    if not is_list(column):
        return delete(column.table).where(_module_of(column) == module)
    of_module = f'@ starts with "{module}."'
    others = func.jsonb_path_query_array(column, cast(f"$[*] ? (!({of_module}))", JSONPATH))
    named = func.jsonb_path_exists(column, cast(f"$[*] ? ({of_module})", JSONPATH))
    return update(column.table).where(named).values({column: others})


def _counts(connection: Connection, column: Column[Any]) -> dict[str, int]:
    if not _exists(connection, column.table):
        return {}
    names = func.jsonb_array_elements_text(column) if is_list(column) else column
    named = select(names.label("name")).subquery()
    module = _module_of(named.c.name)
    rows = connection.execute(select(module, func.count()).group_by(module))
    return {str(name): count for name, count in rows if name}


def _module_of(name: Any) -> Any:
    return func.split_part(cast(name, String), ".", 1)


def is_list(column: ColumnElement[Any]) -> bool:
    """Return whether a column holds lists of names rather than one name."""
    return isinstance(column.type, JSONB)


def _exists(connection: Connection, table: Any) -> bool:
    assert isinstance(table, Table)
    return connection.scalar(select(func.to_regclass(table.fullname))) is not None


def column_of(kept: Kept) -> Column[Any]:
    """Return the column that names other modules.

    Args:
        kept: What a module keeps.
    """
    column: Column[Any] = kept.column.property.columns[0]
    return column
