"""Lists in the order of their names, cut into pages by the last row seen."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from orion_core.errors import InvalidInput

T = TypeVar("T")
Key = tuple[Any, ...]


def take(
    session: Session, statement: Select[T], model: Any, *, after: Key | None, limit: int
) -> tuple[list[T], Key | None]:
    """Return one page of rows by name and id, and the key the next page starts after."""
    if after is not None:
        statement = statement.where(tuple_(model.name, model.id) > tuple_(*_checked(after)))
    rows = list(session.scalars(statement.order_by(model.name, model.id).limit(limit + 1)))
    page: Any = rows[:limit]
    return page, (page[-1].name, page[-1].id) if len(rows) > limit else None


def _checked(after: Key) -> tuple[str, UUID]:
    try:
        name, row_id = after
        return str(name), UUID(str(row_id))
    except ValueError as error:
        raise InvalidInput("this cursor is not valid; start again without one") from error
