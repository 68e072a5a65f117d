"""The pages of background work: what they show, what their forms do, in four languages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from tests.core.admin.town import SUBSCRIBER

Client = Callable[[str], TestClient]
PAGES = ["", "/runs", "/runs/{run}", "/runs/{run}/cancel", "/events", "/events/{event}", "/schedule"]


@pytest.fixture
def admin(person: Client) -> TestClient:
    return person("admin")


def value(query: str) -> Any:
    with use_context(NOWHERE), platform_scope("test") as session:
        return session.scalar(text(query))


def page(client: TestClient, path: str) -> str:
    answer = client.get(f"/admin/background{path}")
    assert answer.status_code == 200, path
    return str(answer.text)


def test_the_menu_leads_to_background_work(admin: TestClient) -> None:
    assert 'href="/admin/background"' in admin.get("/admin/").text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("fr", ["Travaux en arrière-plan", "Livraisons abandonnées"]),
        ("de", ["Hintergrundarbeiten", "Aufgegebene Zustellungen"]),
        ("lb", ["Aarbechten am Hannergrond", "Opginn Zoustellungen"]),
    ],
)
def test_pages_speak_the_readers_language(
    admin: TestClient, town: dict[str, Any], locale: str, words: list[str]
) -> None:
    for path in PAGES:
        shown = page(admin, f"{path.format(**town)}?lang={locale}")
        assert f'lang="{locale}"' in shown
    assert all(word in page(admin, f"?lang={locale}") for word in words)


def test_the_overview_counts_and_names_who_has_dead_deliveries(admin: TestClient) -> None:
    shown = page(admin, "")
    assert SUBSCRIBER in shown
    assert f"/admin/background/subscribers/{SUBSCRIBER}/retry" in shown


def test_an_event_shows_payload_and_error_and_nothing_in_them_is_markup(
    admin: TestClient, town: dict[str, Any]
) -> None:
    shown = page(admin, f"/events/{town['event']}")
    assert "Grandmother\\u0027s" in shown
    assert "no &lt;b&gt;mail&lt;/b&gt; server" in shown


def test_the_list_of_events_shows_no_payload(admin: TestClient) -> None:
    assert "Grandmother" not in page(admin, "/events")


def test_lists_are_filtered_and_say_when_nothing_fits(admin: TestClient, town: dict[str, Any]) -> None:
    assert str(town["run"]) in page(admin, "/runs?status=queued&q=core.")
    assert str(town["run"]) not in page(admin, "/runs?status=failed")
    assert "No run is like that" in page(admin, "/runs?q=nothing")
    assert str(town["event"]) in page(admin, f"/events?status=dead&subscriber={SUBSCRIBER}")
    assert "No event is like that" in page(admin, "/events?status=done")


def test_lists_are_paged(admin: TestClient) -> None:
    first = page(admin, "/events?limit=1")
    (following,) = [part.partition('"')[0] for part in first.split('rel="next" href="')[1:]]
    assert "/admin/background/events/" in page(admin, f"/events{following.replace('&amp;', '&')}")


def test_a_run_is_cancelled_after_asking_and_tried_again(admin: TestClient, town: dict[str, Any]) -> None:
    path = f"/admin/background/runs/{town['run']}"
    assert "stays done" in admin.get(f"{path}/cancel").text
    assert admin.post(f"{path}/cancel").headers["location"] == path
    assert value("SELECT status FROM core.task_run") == "cancelled"
    assert "This run has already ended." in admin.get(admin.post(f"{path}/cancel").headers["location"]).text
    admin.post(f"{path}/retry")
    assert value("SELECT status FROM core.task_run") == "queued"
    assert "cannot be tried again" in admin.get(admin.post(f"{path}/retry").headers["location"]).text
    noted = "FROM core.audit_entry WHERE subject_type = 'TaskRun'"
    assert value(f"SELECT array_agg(action ORDER BY id) {noted}") == ["core.cancel_run", "core.retry_run"]
    assert value(f"SELECT DISTINCT actor_name {noted}") == "Admin"


def test_a_run_that_has_not_ended_is_watched(admin: TestClient, town: dict[str, Any]) -> None:
    poll = f"/admin/background/runs/{town['run']}/progress"
    assert f'hx-get="{poll}"' in page(admin, f"/runs/{town['run']}")
    assert f'hx-get="{poll}"' in admin.get(poll).text
    with use_context(NOWHERE), platform_scope("test") as session:
        session.execute(text("UPDATE core.task_run SET status = 'succeeded', finished_at = now()"))
    assert "hx-get" not in admin.get(poll).text


def test_one_dead_delivery_is_tried_again(admin: TestClient, town: dict[str, Any]) -> None:
    path = f"/admin/background/events/{town['event']}"
    retry = f"{path}/deliveries/{town['delivery']}/retry"
    assert f'action="{retry}"' in admin.get(path).text
    assert admin.post(retry).headers["location"] == path
    assert value("SELECT status FROM core.event_delivery") == "pending"
    assert "Only a delivery that was given up" in admin.get(admin.post(retry).headers["location"]).text


def test_all_dead_deliveries_of_a_subscriber_are_tried_again_after_asking(admin: TestClient) -> None:
    path = f"/admin/background/subscribers/{SUBSCRIBER}/retry"
    assert "One delivery to messaging.greet_store was given up." in admin.get(path).text
    answer = admin.post(path)
    assert "1 deliveries are tried again." in admin.get(answer.headers["location"]).text
    assert value("SELECT status FROM core.event_delivery") == "pending"


def test_an_entry_of_the_schedule_is_run_now(admin: TestClient) -> None:
    shown = page(admin, "/schedule")
    assert "40 2 * * *" in shown
    answer = admin.post("/admin/background/schedule/core.forget_old_records/run")
    assert answer.headers["location"].startswith("/admin/background/runs/")
    assert value("SELECT count(*) FROM core.task_run WHERE task = 'core.forget_old_records'") == 2


def test_what_does_not_exist_is_not_found(admin: TestClient, town: dict[str, Any]) -> None:
    assert admin.get(f"/admin/background/runs/{town['event']}").status_code == 404
    assert admin.get(f"/admin/background/events/{town['run']}").status_code == 404
    assert admin.post("/admin/background/schedule/core.nothing/run").status_code == 404
