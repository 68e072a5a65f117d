"""What people ask about events: which there are, and how far each got with whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, defer

from orion_core.errors import NotFound
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.services.newest import Key, take


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list; an empty text does not matter.

    Args:
        status: Only events with a delivery in this status.
        type: Only events whose type begins like this.
        subscriber: Only events with a delivery to this subscriber; together with ``status``, in that status.
    """

    status: str = ""
    type: str = ""
    subscriber: str = ""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event with its deliveries, by subscriber. The payload is not loaded until it is read."""

    event: OutboxEvent
    deliveries: Sequence[EventDelivery]


def list_events(
    session: Session, wanted: EventFilter, *, after: Key | None = None, limit: int = 20
) -> tuple[list[ListedEvent], Key | None]:
    """Return a page of events, newest first, and the key of the next page.

    Args:
        session: A session that sees them; platform-wide for those of all tenants.
        wanted: Which.
        after: Key of the last event seen.
        limit: Events wanted.

    Raises:
        InvalidInput: If ``after`` belongs to another list.
    """
    statement = select(OutboxEvent).options(defer(OutboxEvent.payload))
    if wanted.type:
        statement = statement.where(OutboxEvent.type.startswith(wanted.type, autoescape=True))
    conditions = [
        column == value
        for column, value in ((EventDelivery.status, wanted.status), (EventDelivery.subscriber, wanted.subscriber))
        if value
    ]
    if conditions:
        statement = statement.where(exists().where(EventDelivery.event_id == OutboxEvent.id, *conditions))
    events, key = take(session, statement, OutboxEvent.position, int, after=after, limit=limit)
    deliveries = _deliveries(session, [event.id for event in events])
    return [ListedEvent(event, deliveries[event.id]) for event in events], key


def get_event(session: Session, event_id: UUID) -> ListedEvent:
    """Return one event with its deliveries.

    Raises:
        NotFound: If there is no such event, or none any more.
    """
    event = session.get(OutboxEvent, event_id)
    if event is None:
        raise NotFound("there is no such event; those that were delivered are forgotten after a month")
    return ListedEvent(event, _deliveries(session, [event_id])[event_id])


def _deliveries(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, list[EventDelivery]]:
    found: dict[UUID, list[EventDelivery]] = defaultdict(list)
    statement = select(EventDelivery).where(EventDelivery.event_id.in_(event_ids)).order_by(EventDelivery.subscriber)
    for delivery in session.scalars(statement):
        found[delivery.event_id].append(delivery)
    return found
