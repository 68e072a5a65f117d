"""Real workers and relays on a real broker: they are killed, messages are doubled or lost, effects happen once."""

import os
import signal
import time
from typing import Any

import pytest
from redis import Redis

from orion_core.ids import new_id
from orion_host.background.relay import Relay
from tests.host.background.asking import done, ended, published, queued
from tests.host.background.sample import Count, Counted, Note, alone_task, count_task, dawdle_task, note_task
from tests.host.background.stage import Stage, kill_group, until

pytestmark = pytest.mark.usefixtures("broker")


def test_worker_takes_from_every_queue(stage: Stage) -> None:
    stage.start("worker")
    runs = [queued(stage, note_task, Note(what="a")), queued(stage, count_task, Count(total=2))]
    assert [ended(stage, run)["status"] for run in runs] == ["succeeded", "succeeded"]
    assert sorted(stage.effects()) == ["a", "count 0", "count 1"]


def test_message_for_one_run_sent_twenty_times_has_one_effect(stage: Stage) -> None:
    run_id = queued(stage, note_task, Note(what="a"))
    for _ in range(19):
        stage.tasks.send("sample.note", "default", str(run_id), {})
    stage.start("worker", concurrency=4)
    ended(stage, run_id)
    until(lambda: stage.tasks.depths()["default"] == 0)
    assert stage.effects() == ["a"]
    assert stage.run(run_id)["attempts"] == 1


def test_message_for_one_delivery_sent_twenty_times_has_one_effect(stage: Stage) -> None:
    published(stage, Counted(counter=new_id(), number=1, mood="wait"))
    Relay(stage.runtime, stage.tasks).step()
    (delivery,) = stage.deliveries("sample.ledger")
    for _ in range(19):
        stage.tasks.send_deliveries([delivery["id"]])
    stage.start("worker", concurrency=4)
    until(stage.waiting_pids)
    stage.sign("go")
    until(lambda: all(done(stage, name, 1) for name in ("sample.ledger", "sample.mirror", "other.echo")))
    until(lambda: stage.tasks.depths()["default"] == 0)
    assert sorted(stage.effects()) == ["echo 1", "ledger 1", "mirror 1"]
    assert stage.deliveries("sample.ledger")[0]["attempts"] == 1


def test_run_whose_process_is_killed_is_resumed_and_its_effects_happen_once(stage: Stage) -> None:
    stage.start("worker")
    stage.start("relay")
    run_id = queued(stage, count_task, Count(total=4, wait_at=2))
    (pid,) = until(stage.waiting_pids)
    os.kill(pid, signal.SIGKILL)
    stage.sign("go")
    run = ended(stage, run_id)
    assert (run["status"], run["attempts"]) == ("succeeded", 2)
    assert stage.effects() == ["count 0", "count 1", "count 2", "count 3"]


def test_run_whose_whole_worker_is_killed_is_resumed_by_another(stage: Stage) -> None:
    worker = stage.start("worker")
    stage.start("relay")
    run_id = queued(stage, count_task, Count(total=4, wait_at=2))
    until(stage.waiting_pids)
    kill_group(worker)
    stage.sign("go")
    stage.start("worker")
    run = ended(stage, run_id)
    assert (run["status"], run["attempts"]) == ("succeeded", 2)
    assert stage.effects() == ["count 0", "count 1", "count 2", "count 3"]


def test_handler_that_kills_its_process_has_its_effect_once(stage: Stage) -> None:
    stage.start("worker")
    stage.start("relay")
    published(stage, Counted(counter=new_id(), number=1, mood="die"))
    until(lambda: stage.sql("SELECT 1 FROM sample.sign WHERE name = 'died'"))
    assert "ledger 1" not in stage.effects()
    stage.let_time_pass()
    until(lambda: done(stage, "sample.ledger", 1))
    assert stage.effects().count("ledger 1") == 1


def test_run_lost_with_the_broker_is_sent_again(stage: Stage, broker: Redis) -> None:
    run_id = queued(stage, note_task, Note(what="a"))
    broker.flushall()
    stage.sql("UPDATE core.task_run SET sent_at = sent_at - interval '1 minute'")
    stage.start("relay")
    stage.start("worker")
    assert ended(stage, run_id)["status"] == "succeeded"


def test_relay_killed_between_marking_and_sending_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit

    published(stage, Counted(counter=new_id(), number=1))
    with monkeypatch.context() as patched:
        patched.setattr(stage.tasks, "send_deliveries", killed)
        with pytest.raises(SystemExit):
            Relay(stage.runtime, stage.tasks).step()
    assert stage.deliveries("sample.ledger")[0]["sent_at"]
    stage.sql("UPDATE core.event_delivery SET sent_at = sent_at - interval '1 minute'")
    stage.start("relay")
    stage.start("worker")
    until(lambda: done(stage, "sample.ledger", 1))
    assert stage.effects().count("ledger 1") == 1


def wait_for_effects(stage: Stage, number: int) -> None:
    until(lambda: len(stage.effects()) >= number, 60)


def test_killed_relays_neither_lose_nor_double_events(stage: Stage) -> None:
    stage.start("worker")
    counters = [new_id() for _ in range(10)]
    relays = [stage.start("relay"), stage.start("relay")]
    for number in range(20):
        published(stage, *(Counted(counter=counter, number=number) for counter in counters))
        if number in (5, 10):
            wait_for_effects(stage, 1 + 3 * 10 * (number - 5))  # the relays are up, and busy
            kill_group(relays.pop(0))
            relays.append(stage.start("relay"))
    stage.sql("UPDATE core.event_delivery SET sent_at = sent_at - interval '1 minute' WHERE status = 'pending'")
    until(lambda: all(done(stage, name, 200) for name in ("sample.ledger", "sample.mirror", "other.echo")))
    assert len(stage.effects()) == 600
    ledger = [int(what.split()[1]) for what in stage.effects() if what.startswith("ledger")]
    assert sorted(ledger) == sorted(list(range(20)) * 10)


def test_events_of_an_aggregate_are_handled_in_order_by_parallel_workers(stage: Stage) -> None:
    stage.start("worker", concurrency=4)
    stage.start("relay")
    counter = new_id()
    for number in range(60):
        published(stage, Counted(counter=counter, number=number))
    until(lambda: done(stage, "sample.ledger", 60))
    assert [what for what in stage.effects() if what.startswith("ledger")] == [f"ledger {n}" for n in range(60)]


def test_runs_of_an_exclusive_task_never_overlap(stage: Stage) -> None:
    stage.start("worker", concurrency=4)
    stage.start("relay")
    runs = [queued(stage, alone_task, Note(what=f"run {number}")) for number in range(3)]
    while not all(stage.run(run)["finished_at"] for run in runs):
        stage.let_time_pass()
        time.sleep(0.5)
    effects = stage.effects()
    assert [what.replace("begins", "ends") for what in effects[::2]] == effects[1::2]
    assert len(effects) == 6


def test_task_that_takes_too_long_fails(stage: Stage) -> None:
    stage.start("worker")
    run = ended(stage, queued(stage, dawdle_task))
    assert (run["status"], run["error"]) == ("failed", "took longer than 1 s")


def test_worker_told_to_end_finishes_its_task_first(stage: Stage) -> None:
    worker = stage.start("worker")
    run_id = queued(stage, note_task, Note(what="a", mood="wait"))
    until(stage.waiting_pids)
    worker.terminate()
    stage.sign("go")
    assert worker.wait(20) == 0
    assert stage.run(run_id)["status"] == "succeeded"
