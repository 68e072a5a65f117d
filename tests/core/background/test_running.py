"""A running task: progress, state, cancelling, and the fence against a worker that was given up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from orion_core import tasks
from orion_core.context import use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.errors import Conflict, NotFound
from orion_core.ids import new_id
from orion_core.services import run_dispatch, task_runs
from orion_core.services.task_runs import RunSuperseded
from orion_core.tasks import RunningTask, TaskCancelled, cancel_run, enqueue, retry_run
from tests.host.background.sample import note, tick_task
from tests.host.background.stage import Stage

Begin = Callable[[], RunningTask]


def queued(stage: Stage) -> UUID:
    with use_context(stage.stores[0]), unit_of_work() as session:
        return enqueue(session, tick_task)


@pytest.fixture
def begin(stage: Stage) -> Begin:
    """Return a function that starts a run, or the next attempt of the only one there is."""

    def start() -> RunningTask:
        found = stage.sql("SELECT id FROM core.task_run")
        run_id = found[0]["id"] if found else queued(stage)
        with platform_scope("test") as session:
            run = task_runs.find_due(session, run_id)
            assert run
            task_runs.start(run)
        return RunningTask(run.id, run.attempts, run.state)

    return start


def test_progress_is_visible_while_the_task_runs(stage: Stage, begin: Begin) -> None:
    running = begin()
    running.progress(3, 10, "reading")
    run = stage.run(running.id)
    assert (run["progress_done"], run["progress_total"], run["progress_message"]) == (3, 10, "reading")


def test_progress_of_every_row_is_written_now_and_then(stage: Stage, begin: Begin) -> None:
    running = begin()
    for done in range(1, 51):
        running.progress(done, 100)
    assert stage.run(running.id)["progress_done"] == 1
    running.progress(100, 100)
    assert stage.run(running.id)["progress_done"] == 100


def test_progress_in_the_middle_of_a_unit_that_saved_state_does_not_wait_for_itself(stage: Stage, begin: Begin) -> None:
    running = begin()
    with use_context(stage.stores[0]), unit_of_work() as session:
        running.save_state(session, {"page": 1})
        running.progress(1, 2)
    assert stage.run(running.id)["state"] == {"page": 1}


def test_state_is_saved_with_the_transaction_or_not_at_all(stage: Stage, begin: Begin) -> None:
    running = begin()
    with use_context(stage.stores[0]):
        with unit_of_work() as session:
            running.save_state(session, {"page": 1})
        with stage.runtime.database.session() as session:
            running.save_state(session, {"page": 2})
            session.rollback()
    assert stage.run(running.id)["state"] == {"page": 1}


def test_state_cannot_be_saved_in_another_stores_session(stage: Stage, begin: Begin) -> None:
    running = begin()
    with use_context(stage.stores[1]), pytest.raises(RunSuperseded, match="another tenant"), unit_of_work() as session:
        running.save_state(session, {"page": 1})


def test_superseded_attempt_can_neither_save_state_nor_succeed(stage: Stage, begin: Begin) -> None:
    given_up = begin()
    begin()
    with use_context(stage.stores[0]), stage.runtime.database.session() as session:
        note(session, "too late")
        with pytest.raises(RunSuperseded):
            given_up.save_state(session, {"page": 1})
    with pytest.raises(RunSuperseded), platform_scope("test") as session:
        task_runs.succeed(session, given_up.id, given_up.attempt, None)
    assert stage.effects() == []


def test_cancelled_run_stops_at_its_next_progress(stage: Stage, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PROGRESS_SECONDS", 0)
    running = begin()
    running.progress(1, 3)
    with use_context(stage.stores[0]), unit_of_work() as session:
        cancel_run(session, running.id)
    with pytest.raises(TaskCancelled):
        running.progress(2, 3)


def test_queued_run_is_cancelled_at_once(stage: Stage) -> None:
    run_id = queued(stage)
    with use_context(stage.stores[0]), unit_of_work() as session:
        cancel_run(session, run_id)
    assert stage.run(run_id)["status"] == "cancelled"


def test_other_stores_run_cannot_be_cancelled(stage: Stage) -> None:
    run_id = queued(stage)
    with use_context(stage.stores[1]), pytest.raises(NotFound), unit_of_work() as session:
        cancel_run(session, run_id)
    assert stage.run(run_id)["status"] == "queued"


def test_failed_run_gets_one_more_attempt_from_its_state(stage: Stage, begin: Begin) -> None:
    for _ in range(tick_task.retries + 1):
        running = begin()
        with platform_scope("test") as session:
            running.save_state(session, {"page": running.attempt})
            status = task_runs.fail(session, running.id, running.attempt, "no")
        stage.let_time_pass()
    assert status == "failed"
    with use_context(stage.stores[0]), unit_of_work() as session:
        retry_run(session, running.id)
    again = begin()
    assert (again.attempt, again.state) == (running.attempt + 1, {"page": running.attempt})
    with platform_scope("test") as session:
        assert task_runs.fail(session, again.id, again.attempt, "no") == "failed"


def test_run_that_did_not_fail_cannot_be_run_again(stage: Stage) -> None:
    run_id = queued(stage)
    with use_context(stage.stores[0]), pytest.raises(Conflict, match="is queued"), unit_of_work() as session:
        retry_run(session, run_id)
    with platform_scope("test") as session, pytest.raises(NotFound):
        retry_run(session, new_id())


def test_ended_runs_are_forgotten_after_a_while(stage: Stage, begin: Begin) -> None:
    running = begin()
    with platform_scope("test") as session:
        assert run_dispatch.forget_before(session, datetime.now(UTC) + timedelta(hours=1)) == 0
        task_runs.succeed(session, running.id, running.attempt, None)
    with platform_scope("test") as session:
        assert run_dispatch.forget_before(session, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert run_dispatch.forget_before(session, datetime.now(UTC) + timedelta(hours=1)) == 1
