"""Finding one record: to read it, or locked to change the version its editor has seen."""

from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, Actor, current_context
from orion_core.db import duplicate_key
from orion_core.errors import Conflict, NotFound, StaleVersion

T = TypeVar("T")


def get(session: Session, model: type[T], key: Any) -> T:
    found = session.get(model, key)
    if found is None:
        raise NotFound(f"there is no such {model.__name__.lower()}")
    return found


def get_locked(session: Session, model: type[T], key: Any, version: int | None = None) -> T:
    """Return a record for changing; ``version`` is what the caller has seen, if he said."""
    found: Any = session.get(model, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"there is no such {model.__name__.lower()}")
    if version is not None and found.version != version:
        raise StaleVersion
    return found  # type: ignore[no-any-return]


def add_unique(session: Session, record: Any, taken: Conflict) -> None:
    """Add a record; if a unique key is in use, raise ``taken`` and leave the transaction usable."""
    try:
        with session.begin_nested():
            session.add(record)
    except IntegrityError as error:
        if not duplicate_key(error):
            raise
        raise taken from error


def present_actor() -> Actor:
    return current_context().actor or SYSTEM
