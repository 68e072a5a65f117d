"""The outbox: events written in the transaction that causes them, and turned into deliveries afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore
from sqlalchemy.orm import Session, defer

from orion_core.context import current_context
from orion_core.db import unmanaged
from orion_core.ids import new_id
from orion_core.models.outbox import EventDelivery, OutboxEvent

if TYPE_CHECKING:
    from orion_core.events import Event

BATCH = 500


def rows_of(events: Iterable[Event]) -> list[OutboxEvent]:
    """See ``events.rows_of``."""
    request_id = current_context().request_id
    return [
        unmanaged(
            OutboxEvent,
            type=event.type,
            aggregate_id=event.aggregate_id,
            payload=event.model_dump(mode="json"),
            request_id=request_id,
        )
        for event in events
    ]


def relay(session: Session, subscribers: Callable[[OutboxEvent], Iterable[str]]) -> int:
    """Make the deliveries of the oldest new events; other relays meanwhile take others.

    Args:
        session: A platform-wide session.
        subscribers: Names the subscribers of an event.

    Returns:
        How many events were taken.
    """
    new = select(OutboxEvent).where(OutboxEvent.relayed_at.is_(None)).order_by(OutboxEvent.position)
    oldest = new.limit(BATCH).with_for_update(skip_locked=True).options(defer(OutboxEvent.payload))
    events = session.scalars(oldest).all()
    if not events:
        return 0
    make_deliveries(session, [(event, subscriber) for event in events for subscriber in subscribers(event)])
    relayed = update(OutboxEvent).where(OutboxEvent.id.in_([event.id for event in events]))
    session.execute(relayed.values(relayed_at=func.now()), execution_options={"synchronize_session": False})
    return len(events)


def make_deliveries(session: Session, wanted: Sequence[tuple[OutboxEvent, str]]) -> None:
    """Have events delivered to subscribers; where there is a delivery already, it stays as it is.

    Args:
        session: A platform-wide session.
        wanted: Pairs of event and subscriber.
    """
    if wanted:
        rows = [_delivery(event, subscriber) for event, subscriber in wanted]
        session.execute(insert_or_ignore(EventDelivery).on_conflict_do_nothing(), rows)


def forget_before(session: Session, moment: datetime) -> int:
    """Remove old events whose deliveries have all ended well.

    Args:
        session: A platform-wide session.
        moment: Events published before it are removed.

    Returns:
        How many were removed.
    """
    wanted = exists().where(
        EventDelivery.event_id == OutboxEvent.id, EventDelivery.status.in_(["pending", "failed", "dead"])
    )
    old = delete(OutboxEvent).where(OutboxEvent.published_at < moment, OutboxEvent.relayed_at.is_not(None), ~wanted)
    result = session.execute(old, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _delivery(event: OutboxEvent, subscriber: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "event_id": event.id,
        "subscriber": subscriber,
        "aggregate_id": event.aggregate_id,
        "position": event.position,
        "platform_id": event.platform_id,
        "merchant_id": event.merchant_id,
        "store_id": event.store_id,
    }
