"""The API of background work: typed, paged, and refusing what cannot be done with a reason."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.core.admin.town import SUBSCRIBER

URL = "/api/v1/admin/background"
Client = Callable[[str], TestClient]


@pytest.fixture
def manager(caller: Client) -> TestClient:
    return caller("manage")


@pytest.fixture
def viewer(caller: Client) -> TestClient:
    return caller("view")


def test_figures(viewer: TestClient) -> None:
    figures = viewer.get(f"{URL}/figures").json()
    assert figures["runs"] == {"queued": 1}
    assert figures["deliveries"] == {"dead": 1}
    assert figures["events_new"] == 1
    assert len(figures["hours"]) == 24


def test_runs_are_listed_and_shown(viewer: TestClient, town: dict[str, Any]) -> None:
    (listed,) = viewer.get(f"{URL}/runs?status=queued&task=core.&queue=scheduled").json()["items"]
    assert (listed["id"], listed["status"]) == (str(town["run"]), "queued")
    assert "args" not in listed
    shown = viewer.get(f"{URL}/runs/{town['run']}").json()
    assert (shown["args"], shown["max_attempts"]) == ({}, 4)
    assert viewer.get(f"{URL}/runs?status=asleep").status_code == 422


def test_events_are_listed_without_and_shown_with_payload(viewer: TestClient, town: dict[str, Any]) -> None:
    (listed,) = viewer.get(f"{URL}/events?status=dead&subscriber={SUBSCRIBER}&type=tenancy.").json()["items"]
    assert listed["id"] == str(town["event"])
    assert "payload" not in listed
    assert [each["status"] for each in listed["deliveries"]] == ["dead"]
    assert viewer.get(f"{URL}/events/{town['event']}").json()["payload"]["name"] == "Grandmother's"


def test_pages_of_events_hold_each_event_once(viewer: TestClient) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        found = viewer.get(f"{URL}/events?limit=1&cursor={cursor}").json()
        seen += [event["id"] for event in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    everything = [event["id"] for event in viewer.get(f"{URL}/events?limit=100").json()["items"]]
    assert seen == everything
    assert len(seen) > 1


def test_a_task_is_run_for_a_store(manager: TestClient, caller: Client) -> None:
    asked = manager.post(f"{URL}/runs", json={"task": "core.forget_old_records", "store": "mugs"})
    assert asked.status_code == 201
    assert asked.json()["store_id"]


@pytest.mark.parametrize(
    ("given", "status", "word"),
    [
        ({"task": "core.forget"}, 404, "core.forget_old_records"),
        ({"task": "core.forget_old_records", "args": {"x": 1}}, 422, "takes no arguments"),
        ({"task": "core.forget_old_records", "store": "nowhere"}, 404, "no store"),
        ({"task": "core.forget_old_records", "platform": "nowhere"}, 404, "there are north"),
        ({}, 422, "task"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(manager: TestClient, given: Any, status: int, word: str) -> None:
    refused = manager.post(f"{URL}/runs", json=given)
    assert (refused.status_code, word in refused.text) == (status, True)


def test_a_run_is_cancelled_once_and_tried_again(manager: TestClient, town: dict[str, Any]) -> None:
    run = f"{URL}/runs/{town['run']}"
    assert manager.post(f"{run}/cancel").json()["status"] == "cancelled"
    assert manager.post(f"{run}/retry").json()["status"] == "queued"
    assert manager.post(f"{run}/retry").status_code == 409


def test_dead_deliveries_are_tried_again(manager: TestClient, town: dict[str, Any]) -> None:
    delivery = f"{URL}/deliveries/{town['delivery']}/retry"
    assert manager.post(delivery).json()["status"] == "pending"
    assert manager.post(delivery).status_code == 409
    assert manager.post(f"{URL}/retries", json={"subscriber": SUBSCRIBER}).json() == {"deliveries": 0}


def test_a_replay_for_nobody_is_refused(manager: TestClient) -> None:
    refused = manager.post(f"{URL}/replays", json={"subscriber": "messaging.greet"})
    assert refused.status_code == 404
    assert "no subscriber" in refused.json()["detail"]


def test_the_schedule_is_listed_and_an_entry_run(manager: TestClient, viewer: TestClient) -> None:
    entries = {entry["name"]: entry for entry in viewer.get(f"{URL}/schedule").json()}
    assert entries["core.forget_old_records"]["cron"] == "40 2 * * *"
    (run,) = manager.post(f"{URL}/schedule/core.forget_old_records/run").json()
    assert run["task"] == "core.forget_old_records"


def test_every_answer_is_described(viewer: TestClient) -> None:
    paths = viewer.get("/api/v1/meta/openapi/core.json").json()["paths"]
    described = {path: operations for path, operations in paths.items() if path.startswith(URL)}
    assert len(described) == 12
    for path, operations in described.items():
        for operation in operations.values():
            (answer,) = [each for status, each in operation["responses"].items() if status.startswith("2")]
            assert answer["content"]["application/json"]["schema"], path
