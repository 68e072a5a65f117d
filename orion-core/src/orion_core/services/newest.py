"""Lists with the newest first, cut into pages by the key of the last row seen."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from orion_core.errors import InvalidInput

T = TypeVar("T")
Key = tuple[Any, ...]


def take(
    session: Session,
    statement: Select[T],
    column: InstrumentedAttribute[Any],
    kind: Callable[[str], Any],
    *,
    after: Key | None,
    limit: int,
) -> tuple[list[T], Key | None]:
    """Return one page of rows and the key the next page starts after.

    Args:
        session: A session that sees them.
        statement: Selects one mapped class.
        column: Its unique column that grows with time.
        kind: Reads the column's value from a cursor.
        after: Key of the last row seen; ``None`` for the first page.
        limit: Rows wanted.

    Raises:
        InvalidInput: If the key belongs to another list.
    """
    if after is not None:
        statement = statement.where(column < _value(after, kind))
    rows = list(session.scalars(statement.order_by(column.desc()).limit(limit + 1)))
    page = rows[:limit]
    return page, (getattr(page[-1], column.key),) if len(rows) > limit else None


def _value(after: Key, kind: Callable[[str], Any]) -> Any:
    try:
        (value,) = after
        return kind(str(value))
    except ValueError as error:
        raise InvalidInput("this cursor is not valid; start again without one") from error
