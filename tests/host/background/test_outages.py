"""Database and broker are killed under working processes: what was asked for is done once they are back."""

import time

import pytest

from orion_core.ids import new_id
from tests.host.background.asking import done, ended, published, queued
from tests.host.background.sample import Count, Counted, count_task
from tests.host.background.stage import Stage, kill_and_start, until

pytestmark = pytest.mark.usefixtures("broker")

TOTAL = 150


def counted(stage: Stage) -> list[str]:
    return [what for what in stage.effects() if what.startswith("count")]


def test_work_goes_on_within_a_minute_after_database_and_broker_were_killed(stage: Stage) -> None:
    stage.start("worker")
    stage.start("relay")
    run_id = queued(stage, count_task, Count(total=TOTAL))
    published(stage, *(Counted(counter=new_id(), number=number) for number in range(50)))
    until(lambda: len(counted(stage)) > 10)
    kill_and_start(stage.servers.valkey)
    kill_and_start(stage.servers.postgres)
    back = time.monotonic()
    stage.reconnect()
    published(stage, Counted(counter=new_id(), number=50))
    assert ended(stage, run_id, seconds=60)["status"] == "succeeded"
    until(lambda: all(done(stage, name, 51) for name in ("sample.ledger", "sample.mirror", "other.echo")), 60)
    assert time.monotonic() - back < 60
    assert counted(stage) == [f"count {number}" for number in range(TOTAL)]
    assert len(stage.effects()) == TOTAL + 3 * 51
