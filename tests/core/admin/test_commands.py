"""``orion events`` and ``orion tasks`` without a broker: what they do, print and refuse, with exit codes."""

import json
import os
import subprocess
from typing import Any, get_args

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from orion_core import schemas
from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.models import outbox, task_run
from orion_host.cli.background import DeliveryStatus, RunStatus
from orion_host.testing import Stage
from tests.core.admin.town import SUBSCRIBER
from tests.running import ORION

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def environment(stage: Stage, town: dict[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORION_")}
    return kept | {
        "ORION_DATABASE_URL": stage.urls.app,
        "ORION_DATABASE_PLATFORM_URL": stage.urls.platform,
        "ORION_BROKER_URL": "redis://127.0.0.1:1/0",  # nobody listens there
        "ORION_SECRET_KEYS": Fernet.generate_key().decode(),
        "COLUMNS": "100",
    }


def orion(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*ORION, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, input="n\n")


def answer(environment: dict[str, str], *arguments: str) -> Any:
    done = orion(environment, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def statuses(table: str) -> list[str]:
    with use_context(NOWHERE), platform_scope("test") as session:
        return list(session.scalars(text(f"SELECT status FROM core.{table} ORDER BY id")))


def test_the_options_offer_every_state() -> None:
    assert set(DeliveryStatus) == {*outbox.OPEN, *outbox.ENDED} == set(get_args(schemas.DeliveryStatus))
    assert set(RunStatus) == {*task_run.OPEN, *task_run.ENDED} == set(get_args(schemas.RunStatus))


def test_a_run_is_listed_shown_cancelled_and_tried_again(environment: dict[str, str], town: dict[str, Any]) -> None:
    run_id = str(town["run"])
    assert [row["id"] for row in answer(environment, "tasks", "list", "--queue", "scheduled")] == [run_id]
    assert answer(environment, "tasks", "show", run_id)["args"] == {}
    aborted = orion(environment, "tasks", "cancel", run_id)
    assert (aborted.returncode, statuses("task_run")) == (1, ["queued"])
    assert answer(environment, "tasks", "cancel", run_id, "--yes") == {"id": run_id, "status": "cancelled"}
    refused = orion(environment, "tasks", "cancel", run_id, "--yes")
    assert (refused.returncode, "this run is cancelled" in refused.stderr) == (1, True)
    assert (
        orion(environment, "tasks", "retry", run_id).stdout == "The run of core.forget_old_records is queued again.\n"
    )
    assert statuses("task_run") == ["queued"]


def test_a_task_is_queued_for_a_store_while_no_broker_runs(environment: dict[str, str]) -> None:
    asked = answer(environment, "tasks", "run", "core.forget_old_records", "--store", "mugs")
    assert answer(environment, "tasks", "show", asked["id"])["store_id"]
    for arguments, words in {
        ("--args", "{"): "--args is not JSON",
        ("--args", "[1]"): "must be a JSON object",
        ("--args", '{"x": 1}'): "takes no arguments",
        ("--platform", "south"): "no platform 'south'; there are north",
        ("--store", "cups"): "there is no store 'cups'",
    }.items():
        refused = orion(environment, "tasks", "run", "core.forget_old_records", *arguments)
        assert (refused.returncode, words in refused.stderr) == (1, True), refused.stderr
    assert statuses("task_run") == ["queued", "queued"]


def test_dead_deliveries_are_found_and_tried_again(environment: dict[str, str], town: dict[str, Any]) -> None:
    (event,) = answer(environment, "events", "list", "--status", "dead", "--subscriber", SUBSCRIBER)
    assert event["id"] == str(town["event"])
    shown = answer(environment, "events", "show", event["id"])
    assert (shown["payload"]["code"], shown["deliveries"][0]["attempts"]) == ("mugs", 10)
    assert answer(environment, "events", "retry", str(town["delivery"])) == {"deliveries": 1}
    assert statuses("event_delivery") == ["pending"]
    refused = orion(environment, "events", "retry", str(town["delivery"]))
    assert (refused.returncode, "only a dead one can be tried again" in refused.stderr) == (1, True)
    assert orion(environment, "events", "retry", "--subscriber", SUBSCRIBER).returncode == 1, "it asks first"
    assert answer(environment, "events", "retry", "--subscriber", SUBSCRIBER, "--yes") == {"deliveries": 0}


def test_tables_show_ids_whole_although_the_terminal_is_narrow(
    environment: dict[str, str], town: dict[str, Any]
) -> None:
    assert str(town["run"]) in orion(environment, "tasks", "list").stdout
    listed = orion(environment, "events", "list", "--type", "tenancy.store_created").stdout
    assert str(town["event"]) in listed
    assert f"{SUBSCRIBER}: dead" in listed
    assert "Grandmother" not in listed
    assert orion(environment, "events", "list", "--status", "done").stdout == "No event is like that.\n"


def test_what_makes_no_sense_is_refused_with_what_to_do(environment: dict[str, str]) -> None:
    for arguments, words in {
        ("events", "retry"): "name one delivery, or a subscriber with --subscriber",
        ("events", "replay", "--subscriber", "messaging.greet", "--yes"): "there is no subscriber 'messaging.greet'",
        ("events", "show", "01a210e9-2ff7-7519-81e2-dcf2863134f0"): "there is no such event",
        ("tasks", "show", "01a210e9-2ff7-7519-81e2-dcf2863134f0"): "there is no such task run",
    }.items():
        refused = orion(environment, *arguments)
        assert (refused.returncode, words in refused.stderr) == (1, True), refused.stderr
    misspelt = orion(environment, "tasks", "list", "--status", "asleep")
    assert misspelt.returncode == 2
