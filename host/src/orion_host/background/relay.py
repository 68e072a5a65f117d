"""The relay: turns events into deliveries, and hands deliveries and task runs that are due to the workers.

It looks every quarter of a second. LISTEN/NOTIFY would spare the look, but a transaction that notifies holds a lock
of the whole database while it commits: with 8 clients and a disk that takes 2 ms, pgbench fell from 2,845 commits a
second to 406 (PostgreSQL 18.6, 2026-11).
"""

import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import Row

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.models.outbox import OutboxEvent
from orion_core.runtime import Runtime, TaskSender, use_runtime
from orion_core.services import deliveries, fleet, outbox, run_dispatch, subscriptions
from orion_host.background.catalogue import Catalogue, module_of
from orion_host.background.places import Places
from orion_host.background.sender import DELIVERY_QUEUE

POLL_SECONDS = 0.25
SWEEP_SECONDS = 2.0
HIGH_WATER = 100
"""So many messages may wait in a queue; the rest waits in the database, where nothing is lost."""
QUICK_SECONDS = 0.05
RESTS = 4
"""A look for deliveries takes longer the more wait for others of their chain (0.15 s for 30,000, 2026-11). One that
was not quick is followed by a rest so many times as long, so that relays leave the database to the workers."""
MESSAGE_SIZE = 20
"""At most so many deliveries share a message: sending and taking one costs as much as a short handler."""
LOST_AFTER = timedelta(seconds=20)
"""A message unanswered for so long is lost if its queue is empty."""
LOST_FOR_SURE_AFTER = timedelta(seconds=60)
"""A message unanswered for so long counts as lost; one that is not does no harm twice."""

log = structlog.get_logger(__name__)


class Broker(TaskSender, Protocol):
    """A sender that also sends deliveries and knows how much is waiting."""

    def send_deliveries(self, delivery_ids: Sequence[UUID]) -> None:
        """Send deliveries in one message."""

    def depths(self) -> dict[str, int]:
        """Return how many messages wait in each queue."""


class Relay:
    """One relay; several may run.

    Args:
        runtime: The process's runtime.
        broker: Where messages go.
    """

    def __init__(self, runtime: Runtime, broker: Broker) -> None:
        self._runtime = runtime
        self._broker = broker
        self._catalogue = Catalogue(runtime.assembly)
        self._places = Places(runtime.assembly)
        self._next_sweep = 0.0
        self._subscribed: dict[str, list[tuple[str, str]]] | None = None
        self._workers_run: frozenset[str] | None = None
        self._next_look = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; a database or broker that is away is waited for.

        Args:
            stop: Set it to end the relay.
        """
        while not stop.is_set():
            try:
                busy = self.step(look=time.monotonic() >= self._next_look)
            except Exception:
                log.exception("relay_failed")
                stop.wait(1.0)
            else:
                if not busy:
                    stop.wait(POLL_SECONDS)

    def step(self, *, look: bool = True) -> bool:
        """Do one round.

        Args:
            look: Whether to look for deliveries that are due; not while the relay rests from a slow look.

        Returns:
            Whether there were so many events that there are probably more.
        """
        with use_runtime(self._runtime), use_context(NOWHERE):
            if self._subscribed is None:
                self._subscribed = self._subscriptions()
            with platform_scope("make the deliveries of new events") as session:
                relayed = outbox.relay(session, self._subscribers)
            depths = self._broker.depths()
            if time.monotonic() >= self._next_sweep:
                self._sweep(depths)
                self._next_sweep = time.monotonic() + SWEEP_SECONDS
            if look:
                self._send_deliveries(HIGH_WATER - depths[DELIVERY_QUEUE])
            self._send_runs([queue for queue, depth in depths.items() if depth < HIGH_WATER])
        return relayed == outbox.BATCH

    def _subscribers(self, event: OutboxEvent) -> list[str]:
        platform = self._places.platforms().get(event.platform_id) if event.platform_id else None
        off = platform.modules_off if platform else frozenset()
        subscribed = self._subscribed or {}
        return [name for module, name in subscribed.get(event.type, ()) if module not in off]

    def _subscriptions(self) -> dict[str, list[tuple[str, str]]]:
        """Return pairs of module and subscriber by event type, those of quarantined modules included."""
        assembly, by_event = self._runtime.assembly, self._catalogue.by_event
        present = {name: (module, event) for event, pairs in by_event.items() for module, name in pairs}
        subscribed = {event: list(pairs) for event, pairs in by_event.items()}
        with platform_scope("remember who subscribes to what") as session:
            subscriptions.remember(session, present, assembly.modules)
            for module, subscriber, event in subscriptions.of_modules(session, assembly.quarantined):
                subscribed.setdefault(event, []).append((module, subscriber))
        return subscribed

    def _runs(self, module: str) -> bool:
        """Tell whether a module's work can be handed out now: it takes part here and in every live worker."""
        return module not in self._runtime.standing.out() and (self._workers_run is None or module in self._workers_run)

    def _send_deliveries(self, room: int) -> None:
        if room <= 0:
            return
        began = time.monotonic()
        with platform_scope("take deliveries that are due") as session:
            ready = [name for name, (module, _) in self._catalogue.subscribers.items() if self._runs(module)]
            due = deliveries.take_due(session, ready, room * MESSAGE_SIZE)
        took = time.monotonic() - began
        self._next_look = began + (1 + RESTS) * took if took > QUICK_SECONDS else 0.0
        for ids in _messages(due):
            self._broker.send_deliveries(ids)

    def _send_runs(self, queues: Collection[str]) -> None:
        with platform_scope("take task runs that are due") as session:
            ready = [name for name in self._catalogue.tasks if self._runs(module_of(name))]
            runs = run_dispatch.take_due(session, ready, queues, HIGH_WATER)
        for run in runs:
            self._broker.send(run.task, run.queue, str(run.id), {"request_id": run.request_id})

    def _sweep(self, depths: Mapping[str, int]) -> None:
        """Find what was lost with a worker or with the broker, and see which modules the workers run."""
        with platform_scope("find what was lost") as session:
            self._workers_run = fleet.modules_of_workers(session)
            for run_id in run_dispatch.requeue_orphans(session):
                log.warning("run_orphaned", run_id=str(run_id))
            for queue, depth in depths.items():
                patience = LOST_FOR_SURE_AFTER if depth else LOST_AFTER
                run_dispatch.forget_lost(session, queue, patience)
                if queue == DELIVERY_QUEUE:
                    deliveries.forget_lost(session, patience)


def _messages(due: Sequence[Row[UUID, int]]) -> Iterator[list[UUID]]:
    """Few deliveries go one by one, to as many workers; so does what failed, to draw nothing else in."""
    fresh = [row.id for row in due if row.attempts == 0]
    yield from ([row.id] for row in due if row.attempts)
    size = min(MESSAGE_SIZE, 1 + len(fresh) // MESSAGE_SIZE)
    yield from (fresh[start : start + size] for start in range(0, len(fresh), size))


def run_relay(runtime: Runtime, broker: Broker, stop: threading.Event) -> None:
    """Run a relay until told to stop.

    Args:
        runtime: The process's runtime.
        broker: Where messages go.
        stop: Set it to end the relay.
    """
    Relay(runtime, broker).run(stop)
