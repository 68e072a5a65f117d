"""Work of a module that takes no part somewhere waits: nothing of it is skipped, lost or tried in vain."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from orion_core import ScheduledTask
from orion_core.db import platform_scope
from orion_core.ids import new_id
from orion_core.services import fleet
from orion_host.background.beat import Beat
from orion_host.background.catalogue import Catalogue
from orion_host.background.delivery import deliver
from orion_host.background.execution import execute
from orion_host.background.places import Places
from orion_host.background.relay import Relay
from orion_host.background.schedule import build_schedule
from tests.host.background.asking import done, published, queued
from tests.host.background.installation import SampleAssembly, open_runtime
from tests.host.background.sample import Counted, Note, note_task
from tests.host.background.stage import Stage

OUT = {"sample": "its tables are at nothing"}
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def out(stage: Stage) -> Iterator[dict[str, str]]:
    """Have the sample module take no part in this process."""
    stage.runtime.standing.settle(OUT)
    yield OUT
    stage.runtime.standing.settle({})


def worker_runs(stage: Stage, *modules: str) -> None:
    """Have a live worker report what it runs."""
    row = {"kind": "worker", "host": "h", "pid": 1, "fingerprint": "f", "out": {}, "modules": dict.fromkeys(modules)}
    with platform_scope("test") as session:
        session.execute(text("DELETE FROM core.process"))
        fleet.report(session, new_id(), row)


def handed_out(stage: Stage) -> tuple[int, int]:
    """Return how many runs and deliveries a new relay hands to the broker in one round."""
    stage.tasks.sent.clear()
    stage.tasks.taken()
    stage.sql("UPDATE core.task_run SET sent_at = NULL")
    Relay(stage.runtime, stage.tasks).step()
    return len(stage.tasks.sent), len(stage.tasks.taken())


def test_a_run_whose_module_is_out_rests_without_losing_an_attempt(stage: Stage, out: Any) -> None:
    run_id = queued(stage, note_task, Note(what="a"))
    execute(Places(stage.runtime.assembly), note_task, run_id)
    run = stage.run(run_id)
    assert (run["status"], run["attempts"], run["sent_at"]) == ("queued", 0, None)
    stage.runtime.standing.settle({})
    stage.let_time_pass()
    execute(Places(stage.runtime.assembly), note_task, run_id)
    assert (stage.run(run_id)["status"], stage.effects()) == ("succeeded", ["a"])


@pytest.mark.parametrize("missing", ["standing", "catalogue"])
def test_a_delivery_whose_subscriber_takes_no_part_rests_without_losing_an_attempt(missing: str, stage: Stage) -> None:
    published(stage, Counted(counter=new_id(), number=1))
    Relay(stage.runtime, stage.tasks).step()
    (row,) = stage.deliveries("sample.ledger")
    without = SampleAssembly(subscribers=()) if missing == "catalogue" else stage.runtime.assembly
    stage.runtime.standing.settle(OUT if missing == "standing" else {})
    deliver(Places(stage.runtime.assembly), Catalogue(without), [row["id"]])
    (row,) = stage.deliveries("sample.ledger")
    assert (row["status"], row["attempts"], row["sent_at"]) == ("pending", 0, None)
    stage.runtime.standing.settle({})
    stage.let_time_pass()
    deliver(Places(stage.runtime.assembly), Catalogue(stage.runtime.assembly), [row["id"]])
    assert done(stage, "sample.ledger", 1)


def test_the_relay_hands_out_nothing_of_a_module_that_is_out_here(stage: Stage, out: Any) -> None:
    queued(stage, note_task, Note(what="a"))
    published(stage, Counted(counter=new_id(), number=1))
    assert handed_out(stage) == (0, 1), "the other module's subscriber gets its delivery"
    stage.runtime.standing.settle({})
    assert handed_out(stage) == (1, 2)


def test_the_relay_hands_out_only_what_every_live_worker_runs(stage: Stage) -> None:
    queued(stage, note_task, Note(what="a"))
    published(stage, Counted(counter=new_id(), number=1))
    worker_runs(stage, "core", "other")
    assert handed_out(stage) == (0, 1)
    worker_runs(stage, "core", "other", "sample")
    assert handed_out(stage) == (1, 2)


def test_a_scheduled_run_stays_due_until_workers_can_run_it(stage: Stage) -> None:
    schedule = build_schedule(SampleAssembly(schedule=(ScheduledTask(task="sample.tick", cron="0 3 * * *"),)))
    beat = Beat(stage.runtime, schedule)
    beat.tick(MONDAY - timedelta(minutes=1))
    worker_runs(stage, "core")
    assert beat.tick(MONDAY) == 0
    worker_runs(stage, "core", "sample")
    assert beat.tick(MONDAY + timedelta(minutes=5)) == 1
    assert beat.tick(MONDAY + timedelta(minutes=6)) == 0


def test_a_scheduled_run_of_a_module_that_is_out_stays_due(stage: Stage, out: Any) -> None:
    schedule = build_schedule(SampleAssembly(schedule=(ScheduledTask(task="sample.tick", cron="0 3 * * *"),)))
    beat = Beat(stage.runtime, schedule)
    stage.sql("INSERT INTO core.schedule_mark VALUES ('sample.tick', %s)", MONDAY - timedelta(minutes=1))
    assert beat.tick(MONDAY) == 0
    stage.runtime.standing.settle({})
    assert beat.tick(MONDAY) == 1


def test_a_quarantined_module_gets_the_events_it_missed(stage: Stage) -> None:
    Relay(stage.runtime, stage.tasks).step()
    kept = [pair for pair in SampleAssembly().subscribers if pair[0] != "other"]
    broken = SampleAssembly(subscribers=tuple(kept), quarantined={"other": "1 / 0"}, modules={"sample": None})
    runtime = open_runtime(broken, stage.servers.urls.app, stage.servers.urls.platform, stage.tasks)
    published(stage, Counted(counter=new_id(), number=1))
    Relay(runtime, stage.tasks).step()
    assert len(stage.tasks.taken()) == 2, "the broken module's delivery is made, but handed to nobody"
    assert [row["status"] for row in stage.deliveries("other.echo")] == ["pending"]
    Relay(stage.runtime, stage.tasks).step()
    (row,) = stage.deliveries("other.echo")
    deliver(Places(stage.runtime.assembly), Catalogue(stage.runtime.assembly), [row["id"]])
    assert "echo 1" in stage.effects()
    runtime.database.close()


def test_a_subscriber_that_a_module_no_longer_has_is_forgotten(stage: Stage) -> None:
    everything = SampleAssembly(modules={"sample": None, "other": None})
    fewer = SampleAssembly(subscribers=everything.subscribers[:1], modules=everything.modules)
    for assembly in (everything, fewer):
        runtime = open_runtime(assembly, stage.servers.urls.app, stage.servers.urls.platform, stage.tasks)
        Relay(runtime, stage.tasks).step()
        runtime.database.close()
    assert [row["subscriber"] for row in stage.sql("SELECT subscriber FROM core.subscription")] == ["sample.ledger"]
