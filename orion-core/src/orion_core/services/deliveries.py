"""The life of a delivery: sent, claimed, done in the transaction of its effects; or retried, at last dead.

A subscriber gets the events of an aggregate in the order they were published: a delivery waits while an earlier
one of its chain (subscriber and aggregate) is neither done nor dead, or is not made yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Uuid, and_, any_, bindparam, func, literal_column, select, update
from sqlalchemy.orm import Session, aliased

from orion_core.errors import Conflict, NotFound
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.services.backoff import backoff
from orion_core.services.rows import is_among

MAX_ATTEMPTS = 10
"""With the waits between them, about 40 minutes."""
LEASE = timedelta(seconds=30)
"""How long a worker may try before it counts as dead; its own time limit is not longer."""
ERROR_LENGTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that this worker alone may try now."""

    id: UUID
    attempt: int
    subscriber: str
    type: str
    payload: dict[str, Any]
    request_id: str
    platform_id: UUID | None
    merchant_id: UUID | None
    store_id: UUID | None


def take_due(session: Session, subscribers: Collection[str], limit: int) -> Sequence[Row[UUID, int]]:
    """Mark deliveries that can be tried now and are not on their way as sent.

    Args:
        session: A platform-wide session; send the messages after its commit.
        subscribers: Those that are installed; deliveries of others rest.
        limit: At most so many.

    Returns:
        Id and number of earlier attempts of each.
    """
    due = (
        select(EventDelivery.id)
        .where(
            _is_open(EventDelivery),
            EventDelivery.sent_at.is_(None),
            EventDelivery.next_attempt_at <= func.now(),
            EventDelivery.subscriber.in_(subscribers),
            _may_go(),
        )
        .order_by(EventDelivery.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=EventDelivery)
    )
    sent = update(EventDelivery).where(is_among(EventDelivery.id, due)).values(sent_at=func.now())
    return session.execute(sent.returning(EventDelivery.id, EventDelivery.attempts)).all()


def forget_lost(session: Session, patience: timedelta) -> None:
    """Have deliveries sent again whose message got no answer for long.

    Args:
        session: A platform-wide session.
        patience: How long is long.
    """
    lost = update(EventDelivery).where(_is_open(EventDelivery), EventDelivery.sent_at < func.now() - patience)
    session.execute(lost.values(sent_at=None), execution_options={"synchronize_session": False})


def claim(session: Session, delivery_ids: Sequence[UUID]) -> list[Claim]:
    """Take deliveries for this worker, until their lease ends.

    Args:
        session: A platform-wide session; commit it before calling a handler, so that an attempt that kills its
            worker counts too.
        delivery_ids: The deliveries.

    Returns:
        Those that are open, nobody else's, and whose turn it is, in the same order.
    """
    rows = session.execute(_claim(), {"deliveries": delivery_ids}).all()
    order = {delivery_id: place for place, delivery_id in enumerate(delivery_ids)}
    return sorted((Claim(**row._mapping) for row in rows), key=lambda claimed: order[claimed.id])


def release(session: Session, claims: Collection[Claim], wait: timedelta = timedelta()) -> None:
    """Give claimed deliveries back that were not tried.

    Args:
        session: A platform-wide session.
        claims: The claims.
        wait: How long they are to rest.
    """
    mine = update(EventDelivery).where(EventDelivery.id.in_([each.id for each in claims]), _is_open(EventDelivery))
    back = mine.values(attempts=EventDelivery.attempts - 1, next_attempt_at=func.now() + wait, sent_at=None)
    session.execute(back, execution_options={"synchronize_session": False})


@cache
def _claim() -> Any:
    free = (
        select(EventDelivery.id)
        .where(
            EventDelivery.id == any_(bindparam("deliveries", type_=ARRAY(Uuid))),
            # Not the words of the partial indexes: without fresh statistics the planner would read a whole one.
            EventDelivery.status.not_in(("done", "dead", "skipped")),
            EventDelivery.next_attempt_at <= func.now(),
            _may_go(),
        )
        .with_for_update(skip_locked=True, of=EventDelivery)
    )
    return (
        update(EventDelivery)
        .where(is_among(EventDelivery.id, free), OutboxEvent.id == EventDelivery.event_id)
        .values(attempts=EventDelivery.attempts + 1, next_attempt_at=func.now() + LEASE, sent_at=None)
        .returning(
            EventDelivery.id,
            EventDelivery.attempts.label("attempt"),
            EventDelivery.subscriber,
            OutboxEvent.type,
            OutboxEvent.payload,
            OutboxEvent.request_id,
            EventDelivery.platform_id,
            EventDelivery.merchant_id,
            EventDelivery.store_id,
        )
        .execution_options(synchronize_session=False)
    )


def mark_done(session: Session, claimed: Claim) -> tuple[bool, UUID | None]:
    """Mark a claimed delivery as done, first thing in the transaction of its effects.

    Args:
        session: The session the handler will get.
        claimed: The claim.

    Returns:
        Whether the claim still holds, and the next delivery of the chain, if there is one.
    """
    row = session.execute(_done(), {"delivery": claimed.id, "attempt": claimed.attempt}).one_or_none()
    return (True, row.following) if row else (False, None)


@cache
def _done() -> Any:
    later = aliased(EventDelivery)
    following = (
        select(later.id)
        .where(
            later.subscriber == EventDelivery.subscriber,
            later.aggregate_id == EventDelivery.aggregate_id,
            later.position > EventDelivery.position,
            _is_open(later),
        )
        .order_by(later.position)
        .limit(1)
        .scalar_subquery()
    )
    return (
        update(EventDelivery)
        .where(*_held(bindparam("delivery"), bindparam("attempt")))
        .values(status="done", done_at=func.now(), error=None)
        .returning(following.label("following"))
        .execution_options(synchronize_session=False)
    )


def fail(session: Session, claimed: Claim, error: str) -> str | None:
    """Put a claimed delivery back for a later attempt, or give it up after the last.

    Args:
        session: A platform-wide session.
        claimed: The claim.
        error: What went wrong.

    Returns:
        ``failed`` or ``dead``; ``None`` if the claim no longer held.
    """
    status = "dead" if claimed.attempt >= MAX_ATTEMPTS else "failed"
    return _close(session, claimed, status, error, next_attempt_at=func.now() + backoff(claimed.attempt))


def skip(session: Session, claimed: Claim, reason: str) -> None:
    """End a claimed delivery that nobody wants any more.

    Args:
        session: A platform-wide session.
        claimed: The claim.
        reason: Why.
    """
    _close(session, claimed, "skipped", reason)


def retry(session: Session, delivery_id: UUID) -> None:
    """Try a dead delivery again.

    Args:
        session: A session that sees it.
        delivery_id: The delivery.

    Raises:
        NotFound: If there is no such delivery.
        Conflict: If it is not dead.
    """
    delivery = session.get(EventDelivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise NotFound("there is no such delivery")
    if delivery.status != "dead":
        raise Conflict(f"this delivery is {delivery.status}; only a dead one can be tried again")
    delivery.status, delivery.attempts = "pending", 0
    delivery.next_attempt_at, delivery.sent_at = func.now(), None


def retry_dead(session: Session, *, subscriber: str, type: str = "") -> int:  # noqa: A002  the field's word
    """Try all dead deliveries of a subscriber again.

    Args:
        session: A session that sees them.
        subscriber: The subscriber.
        type: Only those of events of this type.

    Returns:
        How many are tried again.
    """
    dead = update(EventDelivery).where(EventDelivery.status == "dead", EventDelivery.subscriber == subscriber)
    if type:
        dead = dead.where(EventDelivery.event_id == OutboxEvent.id, OutboxEvent.type == type)
    again = dead.values(status="pending", attempts=0, next_attempt_at=func.now(), sent_at=None)
    result = session.execute(again, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _close(session: Session, claimed: Claim, status: str, error: str, **values: Any) -> str | None:
    statement = (
        update(EventDelivery)
        .where(*_held(claimed.id, claimed.attempt))
        .values(status=status, error=error[:ERROR_LENGTH], **values)
        .returning(EventDelivery.status)
    )
    return session.scalar(statement)


def _held(delivery_id: Any, attempt: Any) -> tuple[ColumnElement[bool], ...]:
    return EventDelivery.id == delivery_id, EventDelivery.attempts == attempt, _is_open(EventDelivery)


def _is_open(delivery: type[EventDelivery]) -> ColumnElement[bool]:
    """Written out rather than bound, so that a prepared statement can use the indexes of open deliveries."""
    return delivery.status.in_([literal_column("'pending'"), literal_column("'failed'")])


def _may_go() -> ColumnElement[bool]:
    """Nothing earlier of the chain is open, or still to be made.

    Subqueries with a limit, because PostgreSQL may answer EXISTS by hashing everything that is open each time.
    """
    earlier, unmade = aliased(EventDelivery), aliased(OutboxEvent)
    open_before = (
        select(earlier.id)
        .where(
            earlier.subscriber == EventDelivery.subscriber,
            earlier.aggregate_id == EventDelivery.aggregate_id,
            earlier.position < EventDelivery.position,
            _is_open(earlier),
        )
        .limit(1)
    )
    unmade_before = (
        select(unmade.id)
        .where(
            unmade.aggregate_id == EventDelivery.aggregate_id,
            unmade.position < EventDelivery.position,
            unmade.relayed_at.is_(None),
        )
        .limit(1)
    )
    return and_(open_before.scalar_subquery().is_(None), unmade_before.scalar_subquery().is_(None))
