"""Working runs off, in this process: what each may end as, and what keeps it from beginning."""

import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from orion_core.context import NOWHERE, SYSTEM, Actor, RequestContext, current_context, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.db.locks import advisory_locks
from orion_core.ids import new_id
from orion_core.runtime import current_runtime, use_runtime
from orion_core.tasks import RunningTask, TaskDefinition, cancel_run, enqueue, task
from orion_host.background.execution import execute
from orion_host.background.places import Places
from tests.host.background.sample import Count, Note, alone_task, count_task, note, note_task, tick_task
from tests.host.background.stage import Stage, until

Work = Callable[[TaskDefinition, UUID], Mapping[str, Any]]


def queued(definition: TaskDefinition, args: Any = None, context: RequestContext = NOWHERE) -> UUID:
    scope = unit_of_work() if context.tenant else platform_scope("test")
    with use_context(context), scope as session:
        return enqueue(session, definition, args)


@pytest.fixture
def work(stage: Stage) -> Work:
    """Return a function that works a run off like a worker does, and returns its row."""

    def work_off(definition: TaskDefinition, run_id: UUID) -> Mapping[str, Any]:
        execute(Places(stage.runtime.assembly), definition, run_id)
        return stage.run(run_id)

    return work_off


def test_effects_and_success_are_one_transaction(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a"), stage.stores[0])
    assert work(note_task, run_id)["status"] == "succeeded"
    assert stage.effects() == ["a"]


def test_task_runs_where_and_for_whom_it_was_asked_for(stage: Stage, work: Work) -> None:
    seen = []

    @task("sample.look")
    def look(session: Any) -> None:
        seen.append(current_context())

    actor = Actor(kind="user", id=new_id())
    asked = RequestContext(tenant=stage.stores[0].tenant, locale="lb", request_id="r1", actor=actor)
    work(look, queued(look, context=asked))
    (context,) = seen
    assert (context.platform_id, context.store_id) == (asked.platform_id, asked.store_id)
    assert (context.locale, context.request_id, context.actor) == ("lb", "r1", actor)


def test_run_without_tenant_works_platform_wide_as_the_system(stage: Stage, work: Work) -> None:
    seen = []

    @task("sample.look")
    def look(session: Any) -> None:
        seen.append((current_context().tenant, current_context().actor, session.get_bind()))

    work(look, queued(look))
    assert seen == [(None, SYSTEM, stage.runtime.database.platform)]


def test_failure_leaves_no_effect_and_is_tried_again(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a", mood="raise"), stage.stores[0])
    run = work(note_task, run_id)
    assert (run["status"], run["attempts"], run["sent_at"]) == ("queued", 1, None)
    assert run["error"] == "RuntimeError: not healed yet"
    assert run["not_before"] > run["started_at"]
    assert work(note_task, run_id)["attempts"] == 1, "it ran before its time"
    stage.sign("healed")
    stage.let_time_pass()
    assert work(note_task, run_id)["status"] == "succeeded"
    assert stage.effects() == ["a"]


def test_run_fails_for_good_after_its_retries(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a", mood="raise"), stage.stores[0])
    for _ in range(note_task.retries + 1):
        run = work(note_task, run_id)
        stage.let_time_pass()
    assert (run["status"], run["attempts"]) == ("failed", 3)
    assert run["finished_at"]
    assert work(note_task, run_id)["attempts"] == 3


def test_run_whose_worker_always_dies_fails_for_good(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a"), stage.stores[0])
    stage.sql("UPDATE core.task_run SET status = 'running', attempts = max_attempts")
    run = work(note_task, run_id)
    assert (run["status"], run["error"]) == ("failed", "its worker died")


def test_ended_run_does_not_run_again(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a"), stage.stores[0])
    work(note_task, run_id)
    work(note_task, run_id)
    assert stage.effects() == ["a"]


def test_unknown_run_is_no_error(stage: Stage) -> None:
    execute(Places(stage.runtime.assembly), note_task, new_id())


def test_run_that_another_worker_holds_is_left_alone(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a"), stage.stores[0])
    with advisory_locks(stage.runtime.database) as take:
        assert take(str(run_id))
        assert work(note_task, run_id)["status"] == "queued"
    assert work(note_task, run_id)["status"] == "succeeded"


def test_run_of_a_module_that_is_off_is_skipped(stage: Stage, work: Work) -> None:
    stage.sql("UPDATE sample.platform SET off = '{sample}'")
    run = work(note_task, queued(note_task, Note(what="a"), stage.stores[0]))
    assert (run["status"], run["error"]) == ("skipped", "module sample is switched off")
    assert stage.effects() == []


def test_run_of_a_tenant_that_is_gone_is_skipped(stage: Stage, work: Work) -> None:
    run_id = queued(note_task, Note(what="a"), stage.stores[0])
    stage.sql("DELETE FROM sample.platform")
    assert work(note_task, run_id)["status"] == "skipped"


def test_run_cancelled_before_it_was_resumed_does_not_begin(stage: Stage, work: Work) -> None:
    run_id = queued(tick_task, context=stage.stores[0])
    stage.sql("UPDATE core.task_run SET status = 'running', attempts = 1")
    with use_context(stage.stores[0]), unit_of_work() as session:
        cancel_run(session, run_id)
    assert work(tick_task, run_id)["status"] == "cancelled"


def test_cancelled_task_keeps_what_it_committed(stage: Stage, work: Work) -> None:
    @task("sample.stop")
    def stop(run: RunningTask) -> None:
        with unit_of_work() as session:
            note(session, "done before")
            cancel_run(session, run.id)
        run.progress(1)
        raise AssertionError("it went on")

    run = work(stop, queued(stop, context=stage.stores[0]))
    assert (run["status"], run["error"], stage.effects()) == ("cancelled", None, ["done before"])


def test_result_and_progress_of_a_run_are_kept(stage: Stage, work: Work) -> None:
    run = work(count_task, queued(count_task, Count(total=3), stage.stores[0]))
    assert (run["result"], run["state"], run["progress_done"]) == ({"counted": 3}, {"done": 3}, 3)


def test_resumed_run_goes_on_from_its_state(stage: Stage, work: Work) -> None:
    run_id = queued(count_task, Count(total=3), stage.stores[0])
    stage.sql("""UPDATE core.task_run SET state = '{"done": 2}'""")
    work(count_task, run_id)
    assert stage.effects() == ["count 2"]


def test_second_run_of_an_exclusive_task_is_put_back(stage: Stage, work: Work) -> None:
    first = queued(alone_task, Note(what="first", mood="wait"), stage.stores[0])
    second, elsewhere = (queued(alone_task, Note(what="second"), store) for store in stage.stores)
    runtime = current_runtime()

    def work_off() -> None:
        with use_runtime(runtime):
            execute(Places(runtime.assembly), alone_task, first)

    worker = threading.Thread(target=work_off)
    worker.start()
    until(stage.waiting_pids)
    run = work(alone_task, second)
    assert (run["status"], run["attempts"]) == ("queued", 0)
    assert work(alone_task, elsewhere)["status"] == "succeeded", "the other store's run need not wait"
    stage.sign("go")
    worker.join()
    stage.let_time_pass()
    assert work(alone_task, second)["status"] == "succeeded"
    assert stage.effects() == [
        "first begins",
        "second begins",
        "second ends",
        "first ends",
        "second begins",
        "second ends",
    ]
