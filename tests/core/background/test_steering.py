"""What people do to background work: it happens, it is noted who did it, and what cannot be done is refused."""

from typing import Any

import pytest

from orion_core.context import NOWHERE, Actor, Tenant, use_context
from orion_core.db import unit_of_work
from orion_core.errors import Conflict, InvalidInput, NotFound
from orion_core.ids import new_id
from orion_core.services import steering
from orion_core.tasks import enqueue
from orion_host.background.relay import Relay
from tests.core.background.published import count, everywhere, relay
from tests.host.background.installation import platform_ref
from tests.host.background.sample import note_task
from tests.host.background.stage import Stage


def notes(stage: Stage) -> list[tuple[str, str, str]]:
    rows = stage.sql("SELECT action, subject_type, actor_name FROM core.audit_entry ORDER BY id")
    return [(row["action"], row["subject_type"], row["actor_name"]) for row in rows]


def a_run(stage: Stage, status: str = "queued") -> Any:
    with use_context(stage.stores[0]), unit_of_work() as session:
        run_id = enqueue(session, note_task, {"what": "a"})
    ended = "now()" if status in ("failed", "succeeded", "cancelled") else "NULL"
    stage.sql(f"UPDATE core.task_run SET status = '{status}', finished_at = {ended} WHERE id = %s", run_id)
    return run_id


def dead_deliveries(stage: Stage) -> None:
    count(new_id(), 1, 2, context=stage.stores[0])
    relay("sample.ledger", "sample.mirror")
    stage.sql("UPDATE core.event_delivery SET status = 'dead', attempts = 10")


def test_a_failed_run_is_tried_again_and_it_is_noted_by_whom(stage: Stage) -> None:
    run_id = a_run(stage, "failed")
    ada = Actor(kind="user", id=new_id(), name="Ada")
    with everywhere() as session, use_context(NOWHERE.__class__(actor=ada)):
        assert steering.retry_run(session, run_id).status == "queued"
    assert notes(stage) == [("core.retry_run", "TaskRun", "Ada")]


def test_a_waiting_run_is_cancelled_and_a_running_one_asked_to_stop(stage: Stage) -> None:
    waiting, running = a_run(stage), a_run(stage, "running")
    with everywhere() as session:
        assert steering.cancel_run(session, waiting).status == "cancelled"
        assert steering.cancel_run(session, running).cancel_requested
    assert [action for action, _, _ in notes(stage)] == ["core.cancel_run", "core.cancel_run"]


@pytest.mark.parametrize("status", ["succeeded", "failed"])
def test_a_run_that_has_ended_cannot_be_cancelled(stage: Stage, status: str) -> None:
    run_id = a_run(stage, status)
    with pytest.raises(Conflict, match=f"is {status}"), everywhere() as session:
        steering.cancel_run(session, run_id)
    assert notes(stage) == []


def test_a_task_is_queued_by_name_and_sent_by_the_relay(stage: Stage) -> None:
    store = stage.stores[0].tenant
    with everywhere() as session:
        run = steering.run_task(session, "sample.note", {"what": "b"}, store)
    assert stage.tasks.sent == [], "no broker is needed"
    row = stage.run(run.id)
    assert (row["store_id"], row["args"], row["status"]) == (
        stage.stores[0].store_id,
        {"what": "b", "mood": ""},
        "queued",
    )
    Relay(stage.runtime, stage.tasks).step()
    assert stage.tasks.sent == [("sample.note", "default", str(run.id))]
    assert notes(stage) == [("core.run_task", "TaskRun", "system")]


@pytest.mark.parametrize(
    ("name", "args", "error", "message"),
    [
        ("sample.not", {}, NotFound, r"did you mean sample\.note"),
        ("sample.note", {}, InvalidInput, r"do not fit sample\.note.*what.*Field required"),
        ("sample.count", {"total": "x"}, InvalidInput, "total"),
        ("sample.tick", {"x": 1}, InvalidInput, "takes no arguments"),
    ],
)
def test_a_task_that_cannot_be_queued_is_refused(
    stage: Stage, name: str, args: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message), everywhere() as session:
        steering.run_task(session, name, args)
    assert stage.sql("SELECT 1 FROM core.task_run") == []


def test_a_task_of_a_module_that_is_off_there_is_refused(stage: Stage) -> None:
    off = Tenant(platform=platform_ref(stage.platform.id, frozenset({"sample"})))
    with pytest.raises(Conflict, match="module sample is switched off"), everywhere() as session:
        steering.run_task(session, "sample.tick", {}, off)


def test_an_entry_of_the_schedule_runs_where_its_module_is_on(stage: Stage) -> None:
    stage.sql("INSERT INTO sample.platform (id, off) VALUES (%s, '{sample}')", new_id())
    with everywhere() as session:
        (run,) = steering.run_entry(session, "sample.tick")
    assert run.platform_id == stage.platform.id
    assert notes(stage) == [("core.run_entry", "ScheduleEntry", "system")]
    with pytest.raises(NotFound, match="did you mean"), everywhere() as session:
        steering.run_entry(session, "sample.tok")


def test_one_dead_delivery_is_tried_again(stage: Stage) -> None:
    dead_deliveries(stage)
    first, _ = stage.deliveries("sample.ledger")
    with everywhere() as session:
        steering.retry_delivery(session, first["id"])
    assert [row["status"] for row in stage.deliveries("sample.ledger")] == ["pending", "dead"]
    with pytest.raises(Conflict, match="only a dead one"), everywhere() as session:
        steering.retry_delivery(session, first["id"])
    assert notes(stage) == [("core.retry_delivery", "EventDelivery", "system")]


def test_all_dead_deliveries_of_a_subscriber_are_tried_again(stage: Stage) -> None:
    dead_deliveries(stage)
    with everywhere() as session:
        assert steering.retry_dead(session, subscriber="sample.ledger", type="sample.other.v1") == 0
        assert steering.retry_dead(session, subscriber="sample.ledger", type="sample.counted.v1") == 2
        assert steering.retry_dead(session, subscriber="sample.ledger") == 0
    assert {(row["status"], row["attempts"]) for row in stage.deliveries("sample.ledger")} == {("pending", 0)}
    assert {row["status"] for row in stage.deliveries("sample.mirror")} == {"dead"}
    assert notes(stage)[1] == ("core.retry_dead", "Subscription", "system")


def test_a_replay_is_noted_with_what_it_did(stage: Stage) -> None:
    count(new_id(), 1, context=stage.stores[0])
    relay()
    with everywhere() as session:
        assert steering.replay_events(session, "sample.ledger").made == 1
    (entry,) = stage.sql("SELECT * FROM core.audit_entry")
    assert (entry["action"], entry["subject_id"]) == ("core.replay_events", "sample.ledger")
    assert entry["changes"] == {"since": None, "again": False, "made": 1, "renewed": 0, "overtaken": 0}


def test_a_platform_is_found_by_its_code(stage: Stage) -> None:
    with everywhere() as session:
        place = steering.find_place(session, platform="p")
        assert place is not None
        assert place.platform.id == stage.platform.id
        assert steering.find_place(session) is None
        with pytest.raises(NotFound, match="no platform 'q'; there are p"):
            steering.find_place(session, platform="q")
