"""Lists with the newest or the oldest first, cut into pages by the key of the last row seen."""

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
    oldest_first: bool = False,
) -> tuple[list[T], Key | None]:
    """Return one page of rows and the key the next page starts after.

    Args:
        session: A session that sees them.
        statement: Selects one mapped class.
        column: Its unique column that grows with time.
        kind: Reads the column's value from a cursor.
        after: Key of the last row seen; ``None`` for the first page.
        limit: Rows wanted.
        oldest_first: Whether the list is a queue.

    Raises:
        InvalidInput: If the key belongs to another list.
    """
    if after is not None:
        value = _value(after, kind)
        statement = statement.where(column > value if oldest_first else column < value)
    order = column.asc() if oldest_first else column.desc()
    rows = list(session.scalars(statement.order_by(order).limit(limit + 1)))
    page = rows[:limit]
    return page, (getattr(page[-1], column.key),) if len(rows) > limit else None


def _value(after: Key, kind: Callable[[str], Any]) -> Any:
    try:
        (value,) = after
        return kind(str(value))
    except ValueError as error:
        raise InvalidInput("this cursor is not valid; start again without one") from error
