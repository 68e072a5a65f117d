"""Who sees background work and who steers it: payloads may hold personal data."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from orion_core import Area
from orion_host.testing import Stage

Client = Callable[[str], TestClient]

READ = [
    "/admin/background",
    "/admin/background/runs",
    "/admin/background/runs/{run}",
    "/admin/background/runs/{run}/progress",
    "/admin/background/events",
    "/admin/background/events/{event}",
    "/admin/background/schedule",
    "/api/v1/admin/background/figures",
    "/api/v1/admin/background/runs",
    "/api/v1/admin/background/runs/{run}",
    "/api/v1/admin/background/events",
    "/api/v1/admin/background/events/{event}",
    "/api/v1/admin/background/schedule",
]
ASK = ["/admin/background/runs/{run}/cancel", "/admin/background/subscribers/messaging.greet_store/retry"]
STEER = [
    *ASK,
    "/admin/background/runs/{run}/retry",
    "/admin/background/events/{event}/deliveries/{delivery}/retry",
    "/admin/background/schedule/core.forget_old_records/run",
    "/api/v1/admin/background/runs",
    "/api/v1/admin/background/runs/{run}/retry",
    "/api/v1/admin/background/runs/{run}/cancel",
    "/api/v1/admin/background/deliveries/{delivery}/retry",
    "/api/v1/admin/background/retries",
    "/api/v1/admin/background/replays",
    "/api/v1/admin/background/schedule/core.forget_old_records/run",
]


def statuses(client: TestClient, method: str, paths: list[str], town: dict[str, Any]) -> set[int]:
    return {client.request(method, path.format(**town)).status_code for path in paths}


def test_every_route_of_background_work_is_looked_at_here(stage: Stage) -> None:
    sets = [routes for module, routes in stage.assembly.contributions("orion_routes") if module == "core"]
    (mine,) = [routes for routes in sets if routes.area is Area.ADMIN]
    found = [route for router in (mine.api, mine.pages) for route in router.routes if "/background" in route.path]
    assert len(found) == len(READ) + len(ASK) + len(set(STEER))


@pytest.mark.parametrize("name", ["owner", "manager"])
def test_store_staff_never_get_in(person: Client, town: dict[str, Any], name: str) -> None:
    client = person(name)
    assert statuses(client, "GET", [*READ, *ASK], town) == {403}
    assert statuses(client, "POST", STEER, town) == {403}


def test_strangers_are_sent_to_sign_in(stage: Stage, town: dict[str, Any]) -> None:
    client = stage.client()
    client.headers["accept"] = "text/html"
    page = client.get("/admin/background/events/{event}".format(**town))
    assert page.status_code == 303
    assert page.headers["location"].startswith("/login?next=%2Fadmin%2Fbackground")
    client.headers["accept"] = "application/json"
    assert statuses(client, "GET", READ[7:], town) == {401}
    assert statuses(client, "POST", STEER[5:], town) == {401}


def test_a_key_without_the_permission_is_refused(caller: Client, town: dict[str, Any]) -> None:
    client = caller("other")
    assert statuses(client, "GET", [*READ, *ASK], town) == {403}
    assert statuses(client, "POST", STEER, town) == {403}


def test_who_may_only_look_cannot_steer(caller: Client, town: dict[str, Any]) -> None:
    client = caller("view")
    assert statuses(client, "GET", READ, town) == {200}
    assert statuses(client, "GET", ASK, town) == {403}
    assert statuses(client, "POST", STEER, town) == {403}
    for path in ("/admin/background", "/admin/background/schedule", "/admin/background/events/{event}"):
        assert "<button" not in client.get(path.format(**town)).text.partition('id="content"')[2], path
