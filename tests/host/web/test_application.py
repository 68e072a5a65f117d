"""The web application gives every request its tenant, caller and language, and answers errors in one form."""

import pytest
from starlette.testclient import TestClient

from orion_core import Area
from orion_core.context import Actor, RequestContext, StoreRef, Tenant, use_context
from orion_core.db import unit_of_work
from orion_core.i18n import Catalogues
from orion_core.ids import new_id
from orion_core.runtime import use_runtime
from orion_core.services.menus import Placing, place_menu_item
from orion_host.testing import Stage
from orion_host.web import directory
from orion_host.web.app import create_app
from orion_host.web.shell import Shell
from tests.host.web import sample

SHOP = "/api/v1/shop/red/shelves"
STAFF = {"Authorization": "Bearer keeper"}


def test_each_store_sees_its_own_rows(client: TestClient) -> None:
    assert client.post(f"{SHOP}?label=tea").status_code == 200
    assert client.get(SHOP).json()["labels"] == ["tea"]
    assert client.get("/api/v1/shop/blue/shelves").json()["labels"] == []


def test_an_error_rolls_the_request_back(client: TestClient) -> None:
    assert client.post(f"{SHOP}?label=refused").status_code == 409
    assert client.post(f"{SHOP}?label=broken").status_code == 500
    assert client.get(SHOP).json()["labels"] == []


def test_a_domain_error_is_a_problem_document(client: TestClient) -> None:
    answer = client.post(f"{SHOP}?label=refused")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"], problem["detail"]) == ("conflict", 409, "no such shelf, please")
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_an_unexpected_error_tells_nothing(client: TestClient) -> None:
    answer = client.post(f"{SHOP}?label=broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


def test_whoever_asks_too_often_is_told_when_to_come_back(client: TestClient) -> None:
    answer = client.post(f"{SHOP}?label=often")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_an_unknown_store_is_not_found(client: TestClient) -> None:
    assert client.get("/api/v1/shop/green/shelves").json()["code"] == "not_found"
    page = client.get("/shop/green/shelves", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert page.text.startswith("<!doctype html>")


def test_bad_input_names_the_field(client: TestClient) -> None:
    answer = client.get("/api/v1/stores/red/shelves?number=many", headers=STAFF)
    assert answer.status_code == 422
    assert "query.number" in answer.json()["errors"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/stores/red/shelves", {}, 401),
        ("/api/v1/stores/red/shelves", STAFF, 200),
        ("/api/v1/stores/red/attic", STAFF, 403),
        ("/api/v1/stores/blue/shelves", STAFF, 401),
        ("/api/v1/stores/red/shelves", {"Authorization": "Bearer thief"}, 401),
        ("/api/v1/stores/red/shelves", {"Cookie": "keeper=keeper"}, 200),
        ("/api/v1/stores/red/shelves", {"Cookie": "some[thing] odd=1; keeper=keeper"}, 200),
    ],
)
def test_who_may_enter(client: TestClient, path: str, headers: dict[str, str], status: int) -> None:
    assert client.get(path, headers=headers).status_code == status


def test_an_unknown_visitor_of_a_page_is_led_to_sign_in(client: TestClient) -> None:
    answer = client.get("/stores/red/shelves?number=2", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fstores%2Fred%2Fshelves%3Fnumber%3D2"


def test_a_module_that_is_off_is_gone_from_every_surface(shelf_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "SECONDS", 0.0)
    client = TestClient(create_app(shelf_stage.assembly, shelf_stage.runtime))
    assert client.get(SHOP).status_code == 200
    sample.directory.off = frozenset({"shelves"})
    paths = (SHOP, "/shop/red/shelves", "/api/v1/stores/red/shelves", "/stores/red/shelves")
    assert {client.get(path, headers=STAFF).status_code for path in paths} == {404}
    sample.directory.off = frozenset()
    assert client.get(SHOP).status_code == 200


def test_a_tenant_is_asked_for_once_in_a_second(client: TestClient) -> None:
    client.get(SHOP)
    before = sample.directory.asked
    for _ in range(5):
        client.get(SHOP)
    assert sample.directory.asked == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer x"}, 200),
    ],
)
def test_requests_forged_by_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post(f"{SHOP}?label=a", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("query", "accept", "locale"),
    [("", "fr-LU,en;q=0.5", "fr"), ("?lang=fr", "en", "fr"), ("?lang=de", "de", "en"), ("", "", "en")],
)
def test_the_language_is_one_the_store_offers(client: TestClient, query: str, accept: str, locale: str) -> None:
    assert client.get(f"{SHOP}{query}", headers={"accept-language": accept}).json()["locale"] == locale


def test_a_chosen_language_is_kept(client: TestClient) -> None:
    client.get(f"{SHOP}?lang=fr")
    assert client.get(SHOP, headers={"accept-language": "en"}).json()["locale"] == "fr"


def test_a_verified_domain_is_the_shop(shelf_stage: Stage) -> None:
    browser = TestClient(shelf_stage.app, base_url="https://red.example")
    assert browser.get("/shelves").json()["store"] == "red"
    assert browser.get("/api/v1/shop/shelves").json()["store"] == "red"
    assert browser.get("/store/shelves", headers=STAFF).json() == {"number": 1}


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in (SHOP, "/nowhere", "/health/live"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"


def test_a_foreign_request_id_is_kept_only_if_it_is_harmless(client: TestClient) -> None:
    assert client.get(SHOP, headers={"x-request-id": "trace-12345678"}).headers["x-request-id"] == "trace-12345678"
    assert client.get(SHOP, headers={"x-request-id": "<script>"}).headers["x-request-id"] != "<script>"


def test_openapi_is_built_per_module(client: TestClient) -> None:
    addresses = client.get("/api/v1/meta/openapi.json").json()
    assert addresses == {name: f"/api/v1/meta/openapi/{name}.json" for name in ("core", "shelves")}
    document = client.get("/api/v1/meta/openapi/shelves.json").json()
    assert "/api/v1/shop/{store}/shelves" in document["paths"]
    assert client.get("/api/v1/meta/openapi/ghost.json").status_code == 404


def test_metrics_name_the_route_not_the_path(client: TestClient) -> None:
    client.get(SHOP)
    client.request("SHELVE", SHOP)
    text = client.get("/metrics").text
    assert 'route="/api/v1/shop/{store}/shelves"' in text
    assert "shop/red" not in text
    assert 'method="other"' in text
    assert "SHELVE" not in text


@pytest.mark.parametrize("path", ["/shop/red", "/stores/red", "/admin", "/merchants/m"])
def test_a_start_page_without_its_slash_is_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (308, f"{path}/")


def test_a_closed_shop_says_so_and_its_team_still_enters(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = StoreRef(id=new_id(), code="closed", name="Closed", is_open=False)
    monkeypatch.setitem(sample.STORES, "closed", closed)
    assert client.get("/api/v1/shop/closed/shelves").json()["code"] == "shop_closed"
    assert client.get("/api/v1/stores/closed/shelves").status_code == 401


def test_a_menu_item_is_hidden_where_a_tenant_hid_it(shelf_stage: Stage) -> None:
    shell = Shell(shelf_stage.assembly, Catalogues({}))
    actor = Actor(kind="user", id=new_id(), permissions=frozenset({"shelves.view"}))
    tenant = Tenant(platform=sample.PLATFORM, store=sample.STORES["red"])
    context = RequestContext(tenant=tenant, area=Area.STORE, actor=actor)
    with use_runtime(shelf_stage.runtime), use_context(context):
        assert [entry["id"] for section in shell.menu(context, "/") for entry in section["entries"]] == ["shelves.list"]
        with unit_of_work() as session:
            place_menu_item(session, "shelves.list", Placing(hidden=True))
        assert shell.menu(context, "/") == []


def test_a_zero_byte_is_never_a_server_error(client: TestClient) -> None:
    assert client.get("/shop/a%00b/").status_code == 404
    assert client.get("/api/v1/shop/red/she%00lves").status_code == 404
    assert client.post(f"{SHOP}?label=a%00b").status_code == 422
