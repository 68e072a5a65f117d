"""The schedule and the beat: each minute that is due starts its runs once, whoever is late or doubled."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orion_core import ScheduledTask
from orion_core.ids import new_id
from orion_host.background.beat import Beat
from orion_host.background.schedule import ScheduleEntry, build_schedule
from tests.host.background.installation import SampleAssembly, platform_ref
from tests.host.background.stage import Stage, until

NIGHT = ScheduledTask(task="sample.tick", cron="0 3 * * *")
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def beat(stage: Stage, *schedule: ScheduledTask) -> Beat:
    return Beat(stage.runtime, build_schedule(SampleAssembly(schedule=schedule or (NIGHT,))))


def runs(stage: Stage) -> list[dict[str, Any]]:
    return stage.sql("SELECT * FROM core.task_run ORDER BY id")


@pytest.mark.parametrize(
    ("cron", "now", "latest"),
    [
        ("0 3 * * *", MONDAY, MONDAY),
        ("0 3 * * *", MONDAY - timedelta(microseconds=1), MONDAY - DAY),
        ("0 3 * * *", MONDAY + timedelta(hours=5), MONDAY),
        ("30 * * * *", MONDAY, MONDAY - 30 * MINUTE),
        ("0 3 * * 0", MONDAY, MONDAY - DAY),
    ],
)
def test_latest_due_minute(cron: str, now: datetime, latest: datetime) -> None:
    (entry,) = build_schedule(SampleAssembly(schedule=(ScheduledTask(task="sample.tick", cron=cron),)))
    assert entry.latest(now) == latest


def test_entry_names_its_module_task_and_key() -> None:
    twice = ScheduledTask(task="sample.tick", cron="5 0 * * *", key="sample.tick_again", per_platform=False)
    first, second = build_schedule(SampleAssembly(schedule=(NIGHT, twice)))
    assert (first.name, first.module, first.task.queue) == ("sample.tick", "sample", "scheduled")
    assert (second.name, second.per_platform) == ("sample.tick_again", False)


def test_scheduled_task_that_needs_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'sample\.note', which needs arguments"):
        build_schedule(SampleAssembly(schedule=(ScheduledTask(task="sample.note", cron="0 3 * * *"),)))


def test_due_entry_starts_one_run_per_platform(stage: Stage) -> None:
    other = platform_ref(new_id())
    stage.sql("INSERT INTO sample.platform (id) VALUES (%s)", other.id)
    ticking = beat(stage)
    assert ticking.tick(MONDAY - MINUTE) == 0
    assert ticking.tick(MONDAY) == 2
    assert ticking.tick(MONDAY + MINUTE) == 0
    assert {run["platform_id"] for run in runs(stage)} == {stage.platform.id, other.id}
    assert [(name, queue) for name, queue, _ in stage.tasks.sent] == [("sample.tick", "scheduled")] * 2


def test_entry_for_the_installation_starts_one_run_without_tenant(stage: Stage) -> None:
    ticking = beat(stage, ScheduledTask(task="sample.tick", cron="0 3 * * *", per_platform=False))
    ticking.tick(MONDAY - MINUTE)
    ticking.tick(MONDAY)
    assert [run["platform_id"] for run in runs(stage)] == [None]


def test_platform_where_the_module_is_off_gets_no_run(stage: Stage) -> None:
    ticking = beat(stage)
    ticking.tick(MONDAY - MINUTE)
    stage.sql("UPDATE sample.platform SET off = '{sample}'")
    beat(stage).tick(MONDAY)
    stage.sql("UPDATE sample.platform SET off = '{}'")
    assert beat(stage).tick(MONDAY + MINUTE) == 0
    assert runs(stage) == []


def test_new_entry_waits_for_its_next_minute(stage: Stage) -> None:
    assert beat(stage).tick(MONDAY + MINUTE) == 0
    assert beat(stage).tick(MONDAY + DAY) == 1


def test_week_of_silence_gives_one_run(stage: Stage) -> None:
    beat(stage).tick(MONDAY - MINUTE)
    late = beat(stage)
    assert late.tick(MONDAY + 7 * DAY + MINUTE) == 1
    assert late.tick(MONDAY + 7 * DAY + 2 * MINUTE) == 0


def test_beat_whose_time_is_behind_starts_nothing_twice(stage: Stage) -> None:
    beat(stage).tick(MONDAY - MINUTE)
    beat(stage).tick(MONDAY + DAY)
    assert beat(stage).tick(MONDAY) == 0


def test_ten_beats_at_once_start_one_run(stage: Stage) -> None:
    beat(stage).tick(MONDAY - MINUTE)
    together = threading.Barrier(10)

    def tick() -> None:
        one = beat(stage)
        together.wait()
        one.tick(MONDAY)

    threads = [threading.Thread(target=tick) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs(stage)) == 1


def test_entry_that_fails_does_not_hold_up_the_others(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = ScheduledTask(task="sample.tick", cron="0 3 * * *", key="sample.bad")
    ticking = beat(stage, bad, NIGHT)
    ticking.tick(MONDAY - MINUTE)
    latest = ScheduleEntry.latest

    def failing(entry: ScheduleEntry, now: datetime) -> datetime:
        if entry.name == "sample.bad":
            raise RuntimeError("no")
        return latest(entry, now)

    with monkeypatch.context() as patched:
        patched.setattr(ScheduleEntry, "latest", failing)
        assert ticking.tick(MONDAY) == 1
    assert ticking.tick(MONDAY) == 1, "it is caught up on"


def test_beat_in_a_process_of_its_own_starts_what_is_due(stage: Stage) -> None:
    stage.sql("INSERT INTO core.schedule_mark VALUES ('sample.tick', now() - interval '2 days')")
    process = stage.start("beat")
    until(lambda: runs(stage))
    process.terminate()
    assert process.wait(10) == 0
    assert len(runs(stage)) == 1
