"""Cursor paging: a page of a list, and the opaque place where the next one starts."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from pydantic import BaseModel

from orion_core.errors import InvalidInput
from orion_core.web.query import query

T = TypeVar("T")
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a caller asks of a list.

    Args:
        limit: Rows wanted, 1 to 100.
        after: Sort key of the last row seen; ``None`` for the first page.
    """

    limit: int = 20
    after: tuple[Any, ...] | None = None


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*key: Any) -> str:
    """Return the opaque cursor of a sort key.

    Args:
        key: Plain values; UUIDs and dates travel as text.
    """
    text = json.dumps([value if isinstance(value, int | str) else str(value) for value in key])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def next_cursor(key: Sequence[Any] | None) -> str | None:
    """Return the cursor of a page's last sort key, ``None`` after the last page.

    Args:
        key: Sort key of the last row, or ``None``.
    """
    return encode_cursor(*key) if key is not None else None


def decode_cursor(text: str) -> tuple[Any, ...]:
    """Return the sort key of a cursor.

    Raises:
        InvalidInput: If the cursor is not one of ours.
    """
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise InvalidInput("this cursor is not valid; start again without one") from error
    if not isinstance(key, list) or not all(isinstance(value, int | str) for value in key):
        raise InvalidInput("this cursor is not valid; start again without one")
    return tuple(key)


class CursorQuery(msgspec.Struct, frozen=True):
    """The query parameters of a paged list."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT, description="Rows per page")] = 20
    cursor: Annotated[str, msgspec.Meta(description="`next_cursor` of the page before")] = ""


def _cursor(asked: CursorQuery) -> Cursor:
    return Cursor(asked.limit, decode_cursor(asked.cursor) if asked.cursor else None)


CursorDep = Annotated[Cursor, query(CursorQuery, _cursor)]
"""The caller's ``limit`` and ``cursor`` query parameters."""
