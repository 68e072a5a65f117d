"""Sorting and paging by key: a page starts after the last key of the one before, at the same cost each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Numeric, Text, Uuid, bindparam, tuple_

from orion_core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: its columns, the last of which makes it total, and the way they run."""

    columns: tuple[str, ...]
    kinds: tuple[Callable[[str], Any], ...]
    descending: bool = False


SORTS = {
    "newest": Sort(("id",), (UUID,), descending=True),
    "featured": Sort(("boost_sort", "id"), (Decimal, UUID), descending=True),
    "relevance": Sort(("rank", "id"), (int, UUID), descending=True),
    "price": Sort(("price_minor", "id"), (int, UUID)),
    "-price": Sort(("price_minor", "id"), (int, UUID), descending=True),
    "name": Sort(("title", "id"), (str, UUID)),
    "-name": Sort(("title", "id"), (str, UUID), descending=True),
}
_TYPES: dict[Any, Any] = {UUID: Uuid(), Decimal: Numeric(), int: Integer(), str: Text()}


def order_by(sort: Sort, columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [column.desc() if sort.descending else column.asc() for column in columns]


def comes_after(sort: Sort, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """Return the condition on rows after the key bound to ``after_0``, ``after_1``."""
    bounds = [bindparam(f"after_{n}", type_=_TYPES[kind]) for n, kind in enumerate(sort.kinds)]
    row, key = tuple_(*columns), tuple_(*bounds)
    return row < key if sort.descending else row > key


def key_values(sort: Sort, after: Sequence[Any]) -> dict[str, Any]:
    """Return a cursor's key as the values of ``comes_after``.

    Raises:
        InvalidInput: It belongs to another order, or to none.
    """
    try:
        values = [kind(str(value)) for kind, value in zip(sort.kinds, after, strict=True)]
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput("this cursor belongs to another list; start again without one") from error
    return {f"after_{n}": value for n, value in enumerate(values)}
