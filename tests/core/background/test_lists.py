"""What people see of background work: filtered lists, pages of them, figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.errors import InvalidInput, NotFound
from orion_core.ids import new_id
from orion_core.models.outbox import OutboxEvent
from orion_core.services.event_lists import EventFilter, get_event, list_events
from orion_core.services.figures import dead_by_subscriber, figures
from orion_core.services.schedule import list_schedule
from orion_core.services.task_run_lists import RunFilter, get_run, latest_runs, list_runs
from orion_core.tasks import enqueue
from tests.core.background.published import count, deliver_all, everywhere, relay
from tests.host.background.sample import count_task, note_task, tick_task
from tests.host.background.stage import Stage


@pytest.fixture
def some_events(stage: Stage) -> Stage:
    """Five events: the first delivered, one dead to the mirror, the rest pending."""
    count(new_id(), 0, context=stage.stores[0])
    relay("sample.ledger", "sample.mirror")
    deliver_all(stage)
    count(new_id(), 1, 2, 3, 4, context=stage.stores[1])
    relay("sample.ledger", "sample.mirror")
    stage.sql(
        "UPDATE core.event_delivery SET status = 'dead', error = 'no' WHERE subscriber = 'sample.mirror'"
        " AND position = (SELECT max(position) FROM core.event_delivery)"
    )
    return stage


@pytest.fixture
def some_runs(stage: Stage) -> Stage:
    with use_context(stage.stores[0]), unit_of_work() as session:
        enqueue(session, note_task, {"what": "a"})
        enqueue(session, count_task, {"total": 1})
        enqueue(session, count_task, {"total": 2})
    stage.sql("UPDATE core.task_run SET status = 'failed', finished_at = now() WHERE task = 'sample.note'")
    return stage


def numbers(wanted: EventFilter, **paging: Any) -> list[int]:
    with everywhere() as session:
        return [found.event.payload["number"] for found in list_events(session, wanted, **paging)[0]]


def test_events_are_listed_with_the_newest_first_and_their_deliveries(some_events: Stage) -> None:
    with everywhere() as session:
        found, key = list_events(session, EventFilter())
    assert key is None
    assert [[each.subscriber for each in one.deliveries] for one in found] == [["sample.ledger", "sample.mirror"]] * 5
    assert numbers(EventFilter()) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"status": "dead"}, [4]),
        ({"status": "done"}, [0]),
        ({"status": "pending"}, [4, 3, 2, 1]),
        ({"status": "pending", "subscriber": "sample.mirror"}, [3, 2, 1]),
        ({"subscriber": "other.echo"}, []),
        ({"type": "sample.cou"}, [4, 3, 2, 1, 0]),
        ({"type": "sample%"}, []),
    ],
)
def test_events_are_filtered(some_events: Stage, wanted: dict[str, str], expected: list[int]) -> None:
    assert numbers(EventFilter(**wanted)) == expected


def test_pages_of_events_hold_each_event_once(some_events: Stage) -> None:
    seen: list[int] = []
    after = None
    with everywhere() as session:
        while True:
            found, after = list_events(session, EventFilter(), after=after, limit=2)
            seen += [one.event.payload["number"] for one in found]
            if after is None:
                break
    assert seen == [4, 3, 2, 1, 0]


def test_a_list_of_events_does_not_read_payloads(some_events: Stage) -> None:
    with everywhere() as session:
        found, _ = list_events(session, EventFilter())
        assert all("payload" not in vars(one.event) for one in found)


def test_a_store_sees_its_own_events_only(some_events: Stage) -> None:
    with use_context(some_events.stores[0]), unit_of_work() as session:
        found, _ = list_events(session, EventFilter())
        assert [one.event.store_id for one in found] == [some_events.stores[0].store_id]


def test_one_event_is_shown_and_a_missing_one_refused(some_events: Stage) -> None:
    with everywhere() as session:
        (first, *_), _ = list_events(session, EventFilter())
        found = get_event(session, first.event.id)
        assert isinstance(found.event, OutboxEvent)
        assert found.event.payload["number"] == 4
        with pytest.raises(NotFound, match="no such event"):
            get_event(session, new_id())


@pytest.mark.parametrize(
    ("wanted", "tasks"),
    [
        ({}, ["sample.count", "sample.count", "sample.note"]),
        ({"status": "failed"}, ["sample.note"]),
        ({"queue": "long_running"}, ["sample.count", "sample.count"]),
        ({"task": "sample.n"}, ["sample.note"]),
        ({"task": "sample.n", "status": "queued"}, []),
    ],
)
def test_runs_are_filtered_newest_first(some_runs: Stage, wanted: dict[str, str], tasks: list[str]) -> None:
    with everywhere() as session:
        assert [run.task for run in list_runs(session, RunFilter(**wanted))[0]] == tasks


def test_pages_of_runs_hold_each_run_once(some_runs: Stage) -> None:
    with everywhere() as session:
        first, key = list_runs(session, RunFilter(), limit=2)
        second, end = list_runs(session, RunFilter(), after=key, limit=2)
    assert [run.task for run in (*first, *second)] == ["sample.count", "sample.count", "sample.note"]
    assert first[0].args["total"] == 2
    assert end is None


@pytest.mark.parametrize("after", [("x",), (1, 2), ()])
def test_a_cursor_of_another_list_is_refused(stage: Stage, after: tuple[Any, ...]) -> None:
    with everywhere() as session:
        for listing in (
            lambda: list_runs(session, RunFilter(), after=after),
            lambda: list_events(session, EventFilter(), after=after),
        ):
            with pytest.raises(InvalidInput, match="cursor"):
                listing()


def test_a_missing_run_is_refused(stage: Stage) -> None:
    with pytest.raises(NotFound, match="no such task run"), everywhere() as session:
        get_run(session, new_id())


def test_latest_runs_are_found_by_task(some_runs: Stage) -> None:
    with everywhere() as session:
        found = latest_runs(session, ["sample.count", "sample.tick"])
    assert {name: run.args for name, run in found.items()} == {"sample.count": {"total": 2, "wait_at": -1}}


def test_figures_tell_what_is_open_and_what_the_day_brought(some_events: Stage, some_runs: Stage) -> None:
    count(new_id(), 5, context=some_events.stores[0])
    with everywhere() as session:
        found = figures(session)
    assert found.runs == {"queued": 2, "failed": 1}
    assert found.deliveries == {"pending": 7, "dead": 1, "done": 2}
    assert found.events_new == 1
    assert found.oldest_run is not None
    assert found.oldest_delivery is not None
    assert len(found.hours) == 24
    assert sum(runs for _, runs, _ in found.hours) == 3
    assert sum(made for _, _, made in found.hours) == 10
    with everywhere() as session:
        assert dead_by_subscriber(session) == [("sample.mirror", 1)]


def test_figures_forget_what_ended_before_the_last_day_but_not_what_is_open(
    some_events: Stage, some_runs: Stage
) -> None:
    with everywhere() as session:
        found = figures(session, datetime.now(UTC) + timedelta(days=2))
    assert found.runs == {"queued": 2}
    assert found.deliveries == {"pending": 7, "dead": 1}
    assert all(runs == made == 0 for _, runs, made in found.hours)


def test_the_schedule_tells_next_time_mark_and_last_run(stage: Stage) -> None:
    with everywhere() as session:
        (state,) = list_schedule(session)
    assert (state.module, state.entry.name, state.marked, state.last_run) == ("sample", "sample.tick", None, None)
    assert (state.next_due.hour, state.next_due.minute) == (3, 0)
    assert datetime.now(UTC) < state.next_due <= datetime.now(UTC) + timedelta(days=1)
    stage.sql("INSERT INTO core.schedule_mark VALUES ('sample.tick', '2026-11-23 03:00+00')")
    with use_context(stage.stores[0]), unit_of_work() as session:
        run_id = enqueue(session, tick_task)
    with everywhere() as session:
        (state,) = list_schedule(session)
    assert state.marked == datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert state.last_run is not None
    assert state.last_run.id == run_id
