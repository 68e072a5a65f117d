"""Delivers events: each handler in a transaction that also marks its delivery as done, so effects happen once."""

import time
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from structlog.contextvars import bound_contextvars

from orion_core import Subscriber
from orion_core.context import use_context
from orion_core.db import platform_scope
from orion_core.runtime import current_runtime
from orion_core.services import deliveries
from orion_core.services.deliveries import Claim
from orion_host.background.catalogue import Catalogue
from orion_host.background.places import Places, TenantGone, transaction

BEGIN_SECONDS = 10
"""How long one message may go on beginning deliveries; the relay sends what is left."""
DELIVERY_SECONDS = 25
"""How long a message may take in all, which leaves each handler 15 s; what takes longer belongs in a task."""

OUT_WAIT = timedelta(seconds=10)
"""How long a delivery rests before it is sent again whose subscriber takes no part in this worker."""

log = structlog.get_logger(__name__)


def deliver(places: Places, catalogue: Catalogue, delivery_ids: Sequence[UUID]) -> None:
    """Deliver events, and after each those of the same aggregate that waited for it.

    Args:
        places: Finds their tenants.
        catalogue: Knows the subscribers.
        delivery_ids: The deliveries.
    """
    until = time.monotonic() + BEGIN_SECONDS
    waiting = deque(_claim(delivery_ids))
    while waiting and time.monotonic() < until:
        following = _deliver(places, catalogue, waiting.popleft())
        if following:
            waiting.extendleft(_claim([following]))
    if waiting:
        with platform_scope("give deliveries back") as session:
            deliveries.release(session, waiting)


def _claim(delivery_ids: Sequence[UUID]) -> list[Claim]:
    with platform_scope("claim deliveries") as session:
        return deliveries.claim(session, delivery_ids)


def _deliver(places: Places, catalogue: Catalogue, claimed: Claim) -> UUID | None:
    """Return the next delivery of the chain, if this one went well."""
    with bound_contextvars(subscriber=claimed.subscriber, event_type=claimed.type, delivery_id=str(claimed.id)):
        try:
            return _try(places, catalogue, claimed)
        except TenantGone as gone:
            _skip(claimed, str(gone))
        except Exception as error:
            with platform_scope("note a failed delivery") as session:
                status = deliveries.fail(session, claimed, f"{type(error).__name__}: {error}")
            log.exception("delivery_failed", attempt=claimed.attempt, status=status)
    return None


def _try(places: Places, catalogue: Catalogue, claimed: Claim) -> UUID | None:
    if claimed.attempt > deliveries.MAX_ATTEMPTS:
        raise RuntimeError("each attempt killed its worker")
    found = catalogue.subscribers.get(claimed.subscriber)
    if found is None or found[0] in current_runtime().standing.out():
        _rest(claimed)
        return None
    module, subscriber = found
    context = places.context(claimed, request_id=claimed.request_id)
    if context.module_is_on(module):
        with use_context(context):
            return _handle(subscriber, claimed)
    _skip(claimed, f"module {module} is switched off")
    return None


def _handle(subscriber: Subscriber, claimed: Claim) -> UUID | None:
    with transaction() as session:
        holds, following = deliveries.mark_done(session, claimed)
        if holds:
            subscriber.handler(session, _event(subscriber, claimed.payload))
    return following


def _event(subscriber: Subscriber, payload: dict[str, Any]) -> Any:
    return payload if isinstance(subscriber.event, str) else subscriber.event.model_validate(payload)


def _rest(claimed: Claim) -> None:
    """Leave a delivery to a worker in which its subscriber's module takes part."""
    with platform_scope("let a delivery rest") as session:
        deliveries.release(session, [claimed], OUT_WAIT)
    log.info("delivery_rests")


def _skip(claimed: Claim, reason: str) -> None:
    with platform_scope("skip a delivery") as session:
        deliveries.skip(session, claimed, reason)
    log.info("delivery_skipped", reason=reason)
