"""What the relay sends and when: what is due, what was lost, never more than the broker should hold."""

import threading

import pytest

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.db.locks import advisory_locks
from orion_core.events import publish
from orion_core.ids import new_id
from orion_core.runtime import current_runtime
from orion_core.services import task_runs
from orion_core.tasks import enqueue
from orion_host.background import relay as relay_module
from orion_host.background.relay import HIGH_WATER, MESSAGE_SIZE, Relay
from tests.host.background.sample import Counted, Note, count_task, note_task, tick_task
from tests.host.background.stage import Stage


@pytest.fixture
def relay(stage: Stage) -> Relay:
    return Relay(stage.runtime, stage.tasks)


def lost(stage: Stage, seconds: int) -> None:
    """Let every message have been sent so long ago."""
    for table in ("task_run", "event_delivery"):
        stage.sql(f"UPDATE core.{table} SET sent_at = now() - interval '{seconds} s' WHERE sent_at IS NOT NULL")


def resent(stage: Stage) -> list[str]:
    """Return the tasks a relay that has just started sends."""
    stage.tasks.sent.clear()
    Relay(stage.runtime, stage.tasks).step()
    return [name for name, _, _ in stage.tasks.sent]


def queued(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        enqueue(session, tick_task)


def published(stage: Stage, number: int) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        for _ in range(number):
            publish(session, Counted(counter=new_id(), number=1))


def test_run_the_broker_did_not_take_is_sent(stage: Stage) -> None:
    stage.tasks.broken = True
    queued(stage)
    stage.tasks.broken = False
    lost(stage, 21)
    assert resent(stage) == ["sample.tick"]


def test_message_that_may_still_wait_is_not_sent_again(stage: Stage) -> None:
    queued(stage)
    lost(stage, 19)
    assert resent(stage) == []
    stage.tasks.waiting["scheduled"] = 1
    lost(stage, 59)
    assert resent(stage) == []
    lost(stage, 61)
    assert resent(stage) == ["sample.tick"]


def test_running_run_is_put_back_when_its_worker_is_gone(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        run_id = enqueue(session, note_task, Note(what="a"))
    with platform_scope("test") as session:
        run = task_runs.find_due(session, run_id)
        assert run
        task_runs.start(run)
    with advisory_locks(current_runtime().database) as take:
        assert take(str(run_id))
        assert resent(stage) == []
        assert stage.run(run_id)["status"] == "running"
    assert resent(stage) == ["sample.note"]
    assert stage.run(run_id)["attempts"] == 1


def test_deliveries_share_messages_when_there_are_many(stage: Stage, relay: Relay) -> None:
    published(stage, 2)
    relay.step()
    assert [len(message) for message in stage.tasks.delivered] == [1] * 6
    stage.tasks.delivered.clear()
    published(stage, 150)
    relay.step()
    assert {len(message) for message in stage.tasks.delivered[:-1]} == {MESSAGE_SIZE}
    assert len(stage.tasks.taken()) == 450


def test_delivery_that_failed_travels_alone(stage: Stage, relay: Relay) -> None:
    published(stage, 150)
    relay.step()
    stage.tasks.delivered.clear()
    stage.sql("UPDATE core.event_delivery SET sent_at = NULL")
    stage.sql("UPDATE core.event_delivery SET attempts = 1 WHERE subscriber = 'sample.ledger'")
    relay.step()
    alone = {message[0] for message in stage.tasks.delivered if len(message) == 1}
    assert alone >= {row["id"] for row in stage.deliveries("sample.ledger")}


def test_full_queue_gets_no_more(stage: Stage, relay: Relay) -> None:
    stage.tasks.waiting |= {"default": HIGH_WATER, "long_running": HIGH_WATER}
    published(stage, 1)
    with use_context(stage.stores[0]), unit_of_work() as session:
        enqueue(session, count_task, {"total": 1})
        enqueue(session, tick_task)
    stage.sql("UPDATE core.task_run SET sent_at = NULL")
    stage.tasks.sent.clear()
    relay.step()
    assert [name for name, _, _ in stage.tasks.sent] == ["sample.tick"]
    assert stage.tasks.delivered == []
    stage.tasks.waiting |= {"default": 0, "long_running": HIGH_WATER - 1}
    relay.step()
    assert [name for name, _, _ in stage.tasks.sent] == ["sample.tick", "sample.count"]
    assert len(stage.tasks.delivered) == 3


def test_run_of_a_task_that_was_removed_rests(stage: Stage, relay: Relay) -> None:
    with use_context(NOWHERE), platform_scope("test") as session:
        run_id = enqueue(session, tick_task)
    stage.sql("UPDATE core.task_run SET task = 'sample.gone', sent_at = NULL")
    stage.tasks.sent.clear()
    relay.step()
    assert stage.tasks.sent == []
    assert stage.run(run_id)["status"] == "queued"


def test_relay_rests_from_a_slow_look(stage: Stage, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "QUICK_SECONDS", 0.0)
    monkeypatch.setattr(relay_module, "RESTS", 1_000_000)
    stop, rounds = threading.Event(), list[bool]()
    step = relay.step

    def counted(*, look: bool) -> bool:
        rounds.append(look)
        if len(rounds) == 3:
            stop.set()
        published(stage, 1)
        return step(look=look) or True

    monkeypatch.setattr(relay, "step", counted)
    relay.run(stop)
    assert rounds == [True, False, False]
    made = stage.sql("SELECT sent_at FROM core.event_delivery")
    assert [len(stage.tasks.taken()), len(made)] == [3, 9], "the three of the first event are sent, the rest waits"
