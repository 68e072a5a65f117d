"""Domain events: published in the transaction that causes them, delivered to each subscriber exactly once."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from orion_core.models.outbox import OutboxEvent


class Event(BaseModel):
    """Base of a module's events.

    Set ``type`` to ``module.name.vN``; a change that old subscribers cannot read is a new version.
    """

    model_config = ConfigDict(frozen=True)
    type: ClassVar[str]

    @property
    def aggregate_id(self) -> UUID | None:
        """The record whose events keep their order among themselves; ``None`` for no order.

        Publish while the transaction holds that record's row lock; without it commits have no known order.
        """
        return None


def publish(session: "Session", *events: Event) -> None:
    """Record events in the running transaction; they are delivered after that transaction commits.

    Args:
        session: The session of the change that causes them.
        events: The events, in their order. The current tenant travels with them.
    """
    # Not at the top: an events.py is imported for its types, also where no database library is wanted.
    from orion_core.db import insert_all  # noqa: PLC0415

    insert_all(session, rows_of(*events))


def rows_of(*events: Event) -> "list[OutboxEvent]":
    """Return what ``publish`` writes, for hot paths that write it together with their own records.

    Args:
        events: The events, in their order. The current tenant travels with them.
    """
    from orion_core.services import outbox  # noqa: PLC0415  as in publish

    return outbox.rows_of(events)
