"""Asking for a task: with the transaction or not at all, for the current tenant, with checked arguments."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.models.task_run import TaskRun
from orion_core.tasks import RunningTask, enqueue, task
from tests.host.background.sample import Note, count_task, note_task, tick_task
from tests.host.background.stage import Stage


def test_run_is_sent_after_the_commit(stage: Stage) -> None:
    with use_context(stage.stores[0]):
        with unit_of_work() as session:
            run_id = enqueue(session, note_task, Note(what="a"))
            assert stage.tasks.sent == []
        assert stage.tasks.sent == [("sample.note", "default", str(run_id))]
    run = stage.run(run_id)
    assert (run["status"], run["args"], run["locale"]) == ("queued", {"what": "a", "mood": ""}, "de")
    assert run["request_id"] == stage.stores[0].request_id


def test_rolled_back_run_leaves_nothing(stage: Stage) -> None:
    with use_context(stage.stores[0]), stage.runtime.database.session() as session:
        enqueue(session, note_task, Note(what="a"))
        session.rollback()
    assert stage.sql("SELECT id FROM core.task_run") == []
    assert stage.tasks.sent == []


def test_released_savepoint_sends_nothing_before_the_commit(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        with session.begin_nested():
            enqueue(session, tick_task)
        assert stage.tasks.sent == []
    assert len(stage.tasks.sent) == 1


def test_session_used_again_after_a_rollback_sends_only_what_was_committed(stage: Stage) -> None:
    with use_context(stage.stores[0]), stage.runtime.database.session() as session:
        enqueue(session, tick_task)
        session.rollback()
        run_id = enqueue(session, tick_task)
        session.commit()
    assert [sent[2] for sent in stage.tasks.sent] == [str(run_id)]


def test_absent_broker_does_not_disturb_the_change(stage: Stage) -> None:
    stage.tasks.broken = True
    with use_context(stage.stores[0]), unit_of_work() as session:
        run_id = enqueue(session, tick_task)
    assert stage.run(run_id)["status"] == "queued"


def test_run_for_later_is_left_to_the_relay(stage: Stage) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with use_context(stage.stores[0]), unit_of_work() as session:
        run_id = enqueue(session, tick_task, not_before=tomorrow)
    assert stage.tasks.sent == []
    run = stage.run(run_id)
    assert (run["not_before"], run["sent_at"]) == (tomorrow, None)


def test_other_store_does_not_see_the_run(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        enqueue(session, tick_task)
        assert session.scalar(select(func.count()).select_from(TaskRun)) == 1
    with use_context(stage.stores[1]), unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(TaskRun)) == 0


def test_arguments_that_do_not_fit_are_refused_at_once(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        with pytest.raises(ValidationError):
            enqueue(session, count_task, {"total": "many"})
        with pytest.raises(TypeError, match="takes no arguments"):
            enqueue(session, tick_task, {"total": 1})
    assert stage.sql("SELECT id FROM core.task_run") == []


def test_task_is_described_by_its_function() -> None:
    assert note_task.takes == {"session", "args"}
    assert note_task.args_model is Note
    assert (count_task.title, count_task.queue, count_task.retries) == ("Count", "long_running", 3)


def test_badly_declared_task_is_refused() -> None:
    def takes_what_nobody_gives(session: Session, mailer: object) -> None: ...
    def takes_a_dict(args: dict[str, str]) -> None: ...
    def takes_run(run: RunningTask) -> None: ...

    with pytest.raises(ValueError, match="not mailer"):
        task("sample.bad")(takes_what_nobody_gives)
    with pytest.raises(TypeError, match="must be a pydantic model"):
        task("sample.bad")(takes_a_dict)
    with pytest.raises(ValueError, match=r"module\.verb"):
        task("bad")(takes_run)
    with pytest.raises(ValueError, match="no queue 'fast'"):
        task("sample.bad", queue="fast")(takes_run)


def test_annotation_as_text_is_understood() -> None:
    def takes_later(args: "Later") -> None: ...

    assert task("sample.later")(takes_later).args_model is Later


class Later(BaseModel):
    """Named by a string above."""
