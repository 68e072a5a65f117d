"""Replay: has a subscriber get events it has never got, or all of them again, in the order they were published.

A subscriber never gets an event after a later one of the same aggregate. What it has not done yet is made to wait;
what it has already done can only be done again, which has to be asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, defer

from orion_core.models.outbox import OPEN, EventDelivery, OutboxEvent
from orion_core.runtime import current_runtime
from orion_core.services.installed import event_type, find_subscriber
from orion_core.services.outbox import BATCH, make_deliveries

HOLD = timedelta(seconds=1)
"""How long what waits is held back after the replay: a worker that looked before its commit must not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay did.

    Args:
        made: Deliveries of events that the subscriber had none of.
        renewed: Deliveries that had ended and are made again.
        overtaken: Events left out, because the subscriber has done a later one of the same aggregate.
    """

    made: int
    renewed: int
    overtaken: int


def replay(session: Session, subscriber_id: str, *, since: datetime | None = None, again: bool = False) -> Replayed:
    """Deliver events that are on record to a subscriber that has no delivery of them yet.

    Running it twice makes no second delivery of an event; with ``again`` what was done in between is done again.

    Args:
        session: A platform-wide session; the events go out after its commit.
        subscriber_id: An installed subscriber.
        since: Only events published then or later.
        again: Also those that were done, skipped or given up; the subscriber's effects then happen again.

    Raises:
        NotFound: If no installed module has such a subscriber.
    """
    module, subscriber = find_subscriber(subscriber_id)
    wanted = and_(
        OutboxEvent.type == event_type(subscriber),
        OutboxEvent.relayed_at.is_not(None),  # the relay makes the deliveries of the others
        *([OutboxEvent.published_at >= since] if since else []),
        *_where_on(session, module),
    )
    waiting = _lock_waiting(session, subscriber_id, wanted if again else and_(wanted, _undelivered(subscriber_id)))
    renewed = _renew(session, subscriber_id, wanted) if again else 0
    made, overtaken = _make(session, subscriber_id, wanted)
    _hold(session, waiting)
    return Replayed(made=made, renewed=renewed, overtaken=overtaken)


def _where_on(session: Session, module: str) -> list[ColumnElement[bool]]:
    """Events of platforms where the module is off are left to a replay after it is on again."""
    directories = current_runtime().assembly.contributions("orion_tenants")
    platforms = directories[0][1].platforms(session) if directories else []
    off = [platform.id for platform in platforms if module in platform.modules_off]
    return [or_(OutboxEvent.platform_id.is_(None), OutboxEvent.platform_id.not_in(off))] if off else []


def _undelivered(subscriber_id: str) -> ColumnElement[bool]:
    mine = exists().where(EventDelivery.event_id == OutboxEvent.id, EventDelivery.subscriber == subscriber_id)
    return not_(mine)


def _lock_waiting(session: Session, subscriber_id: str, wanted: ColumnElement[bool]) -> Sequence[UUID]:
    """Keep open deliveries of the same aggregates from being begun, after those at work have ended."""
    aggregates = select(OutboxEvent.aggregate_id).where(wanted, OutboxEvent.aggregate_id.is_not(None))
    open_ones = select(EventDelivery.id).where(
        EventDelivery.subscriber == subscriber_id,
        EventDelivery.status.in_(OPEN),
        EventDelivery.aggregate_id.in_(aggregates),
    )
    return session.scalars(open_ones.order_by(EventDelivery.id).with_for_update()).all()


def _renew(session: Session, subscriber_id: str, wanted: ColumnElement[bool]) -> int:
    ended = update(EventDelivery).where(
        EventDelivery.subscriber == subscriber_id,
        EventDelivery.status.not_in(OPEN),
        EventDelivery.event_id == OutboxEvent.id,
        wanted,
    )
    fresh = ended.values(
        status="pending", attempts=0, next_attempt_at=func.now(), sent_at=None, done_at=None, error=None
    )
    result = session.execute(fresh, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _make(session: Session, subscriber_id: str, wanted: ColumnElement[bool]) -> tuple[int, int]:
    made = overtaken = 0
    for batch in session.execute(_missing(subscriber_id, wanted), execution_options={"yield_per": BATCH}).partitions():
        in_time = [event for event, reached in batch if reached is None or reached < event.position]
        make_deliveries(session, [(event, subscriber_id) for event in in_time])
        made += len(in_time)
        overtaken += len(batch) - len(in_time)
    return made, overtaken


def _missing(subscriber_id: str, wanted: ColumnElement[bool]) -> Select[Any]:
    """Select events without a delivery, with the position the subscriber has reached in their aggregate."""
    done = (
        select(EventDelivery.aggregate_id, func.max(EventDelivery.position).label("position"))
        .where(EventDelivery.subscriber == subscriber_id, EventDelivery.status == "done")
        .group_by(EventDelivery.aggregate_id)
        .subquery()
    )
    return (
        select(OutboxEvent, done.c.position)
        .outerjoin(done, done.c.aggregate_id == OutboxEvent.aggregate_id)
        .where(wanted, _undelivered(subscriber_id))
        .order_by(OutboxEvent.position)
        .options(defer(OutboxEvent.payload))
    )


def _hold(session: Session, deliveries: Sequence[UUID]) -> None:
    """Void the claims on what waits and let it wait for what was put before it."""
    # One array, since the server takes 65,535 parameters at most.
    held = update(EventDelivery).where(EventDelivery.id == any_(literal(deliveries, ARRAY(Uuid))))
    values = held.values(attempts=0, sent_at=None, next_attempt_at=func.clock_timestamp() + HOLD)
    session.execute(values, execution_options={"synchronize_session": False})
