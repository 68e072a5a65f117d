"""Events published, relayed and delivered in this process, for tests of what people see and do afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.context import NOWHERE, RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.events import publish
from orion_core.services import deliveries, outbox
from orion_host.background.catalogue import Catalogue
from orion_host.background.delivery import deliver
from orion_host.background.places import Places
from tests.host.background.sample import Counted
from tests.host.background.stage import Stage


@contextmanager
def everywhere() -> Iterator[Session]:
    """Open a platform-wide transaction outside any tenant."""
    with use_context(NOWHERE), platform_scope("test") as session:
        yield session


def count(counter: UUID, *numbers: int, context: RequestContext) -> None:
    """Publish events of one record, one transaction each."""
    for number in numbers:
        with use_context(context), unit_of_work() as session:
            publish(session, Counted(counter=counter, number=number))


def relay(*subscribers: str) -> None:
    """Make the deliveries of new events as if only these subscribers were installed."""
    with everywhere() as session:
        outbox.relay(session, lambda _: subscribers)


def deliver_all(stage: Stage, limit: int = 100) -> None:
    """Deliver what is due, like a relay and a worker do, until nothing is."""
    catalogue, places = Catalogue(stage.runtime.assembly), Places(stage.runtime.assembly)
    while True:
        with everywhere() as session:
            due = deliveries.take_due(session, catalogue.subscribers, limit)
        if not due:
            return
        deliver(places, catalogue, [row.id for row in due])


def handled(stage: Stage, word: str) -> list[int]:
    """Return the numbers a subscriber noted, in order."""
    return [int(what.split()[1]) for what in stage.effects() if what.startswith(f"{word} ")]
