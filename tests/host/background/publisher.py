"""A busy web application: each transaction publishes events or asks for a run, with a row that says what it meant."""

import random
import threading
from uuid import UUID

import structlog
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.events import publish as publish_event
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_core.tasks import enqueue
from tests.host.background.installation import platform_ref, tenant
from tests.host.background.sample import Counted, Steps, steps_task, turn_task

STEPS = 8
TURN_EVERY = 8
"""One run of an exclusive task in so many: those of a store wait for each other, five seconds at a time."""
PATIENCE = 1500
"""With so many open deliveries a store asks for nothing more: a slow machine is not to be buried."""
STANDING = text("""
    SELECT (SELECT count(*) FROM sample.intent), (SELECT count(*) FROM sample.asked),
           (SELECT count(*) FROM core.event_delivery WHERE status IN ('pending', 'failed'))
""")

log = structlog.get_logger(__name__)


class Wishes(BaseModel):
    """What the web processes are to ask for between them.

    Args:
        seed: Of what they choose by chance.
        events: About so many events in all.
        runs: About so many task runs in all.
        pause: Longest rest between two transactions, in seconds.
        stores: Platform, merchant and store of each tenant to work for.
    """

    seed: str
    events: int
    runs: int
    pause: float
    stores: list[tuple[UUID, UUID, UUID]]


def publish(runtime: Runtime, wishes: Wishes, stop: threading.Event) -> None:
    """Work until enough was asked for; what fails was not meant."""
    chance = random.Random(wishes.seed)
    with use_runtime(runtime):
        while not stop.wait(chance.uniform(0, wishes.pause)):
            platform_id, merchant_id, store_id = chance.choice(wishes.stores)
            store = RequestContext(tenant=tenant(platform_ref(platform_id), merchant_id, store_id))
            try:
                with use_context(store), unit_of_work() as session:
                    _act(session, chance, wishes)
            except Exception:
                log.warning("request_failed", exc_info=True)
                stop.wait(0.2)


def _act(session: Session, chance: random.Random, wishes: Wishes) -> None:
    events, runs, waiting = session.execute(STANDING).one()
    if waiting > PATIENCE:
        return
    if runs * wishes.events < events * wishes.runs:
        _ask(session, runs)
    elif events < wishes.events:
        _count(session, chance)


def _ask(session: Session, number: int) -> None:
    definition, tag = turn_task if number % TURN_EVERY == 0 else steps_task, new_id().hex
    run_id = enqueue(session, definition, Steps(tag=tag, total=STEPS))
    values = {"run": run_id, "task": definition.name, "tag": tag}
    session.execute(text("INSERT INTO sample.asked VALUES (:run, :task, :tag)"), values)


def _count(session: Session, chance: random.Random) -> None:
    """Change some records and say so, each while its row is locked, in the same order as everybody else."""
    locked = text("SELECT id FROM sample.counter OFFSET :first LIMIT :number")
    ids = session.scalars(locked, {"first": chance.randrange(96), "number": chance.randint(1, 5)}).all()
    for counter in sorted(ids):
        session.execute(text("SELECT 1 FROM sample.counter WHERE id = :id FOR UPDATE"), {"id": counter})
        new = text("INSERT INTO sample.intent (counter) VALUES (:id) RETURNING number")
        publish_event(session, Counted(counter=counter, number=session.scalars(new, {"id": counter}).one()))
