"""Through HTTP: who may enter where, edits with versions, and the other tenant sees nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import RequestContext, use_context
from orion_core.runtime import use_runtime
from orion_core.services.api_keys import create_api_key
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.testing import Stage, build_stage
from orion_tenancy.models import Store
from orion_tenancy.services.merchants import add_owner
from orion_tenancy.services.roles import list_roles
from orion_tenancy.services.scopes import acting_for, platform_tenant, store_tenant
from orion_tenancy.services.stores import add_domain, confirm_domain
from orion_tenancy.services.team import add_member
from tests.modules.tenancy.tenants import PASSWORD, Tenants

ADMIN_PAGES = ["/admin/", "/admin/platforms", "/admin/merchants", "/admin/stores", "/admin/users"]
ADMIN_API = ["platforms", "merchants", "stores", "users"]
STORE_API = ["members", "invitations", "roles", "permissions"]


@pytest.fixture(scope="module")
def furnished(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> dict[str, str]:
    """A database to copy: two merchants with a store each, owners, teams with every role, and API keys."""
    postgres.create_database("template_town", template=template)
    with (
        build_stage(postgres.urls("template_town"), assembly) as stage,
        use_runtime(stage.runtime),
        use_context(RequestContext()),
        stage.runtime.database.platform_session() as session,
        session.begin(),
    ):
        return furnish(Tenants(session))


@pytest.fixture
def town(furnished: dict[str, str]) -> dict[str, str]:
    return furnished


@pytest.fixture
def urls(postgres: EmbeddedPostgres, furnished: dict[str, str]) -> Iterator[PostgresUrls]:
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name, template="template_town")
    yield postgres.urls(name)
    postgres.drop_database(name)


def furnish(tenants: Tenants) -> dict[str, str]:
    platform = tenants.platform()
    tenants.user("admin@example.com", is_platform_admin=True)
    for code in ("mine", "other"):
        merchant = tenants.merchant(platform, f"{code}-firm")
        store = tenants.store(merchant, f"{code}-shop")
        add_owner(tenants.session, merchant, tenants.user(f"owner@{code}.example"))
        with acting_for(tenants.session, store_tenant(tenants.session, store)):
            for role in list_roles(tenants.session):
                add_member(tenants.session, tenants.user(f"{role.code}@{code}.example"), role)
            _, key = create_api_key(tenants.session, "till", ["tenancy.view_team"])
    with acting_for(tenants.session, platform_tenant(platform)):
        _, platform_key = create_api_key(tenants.session, "sync", ["tenancy.manage_users"])
    return {"platform": str(platform.id), "other_key": key, "platform_key": platform_key}


def browser(stage: Stage, email: str) -> Any:
    client = stage.client()
    assert client.post("/login", data={"email": email, "password": PASSWORD}).status_code == 303
    return client


def test_the_areas_admit_whom_they_are_for(stage: Stage, town: dict[str, str]) -> None:
    places = ["/admin/", "/merchants/mine-firm/", "/stores/mine-shop/", "/merchants/other-firm/", "/stores/other-shop/"]
    expected = {
        "admin@example.com": [200, 200, 200, 200, 200],
        "owner@mine.example": [403, 200, 200, 403, 403],
        "manager@mine.example": [403, 403, 200, 403, 403],
        "viewer@mine.example": [403, 403, 200, 403, 403],
    }
    for email, statuses in expected.items():
        client = browser(stage, email)
        assert [client.get(place).status_code for place in places] == statuses, email


@pytest.mark.parametrize("email", ["owner@mine.example", "manager@mine.example", "viewer@mine.example"])
def test_only_platform_admins_enter_the_admin_area(stage: Stage, town: dict[str, str], email: str) -> None:
    client = browser(stage, email)
    for path in [*ADMIN_PAGES, *(f"/api/v1/admin/{name}" for name in ADMIN_API)]:
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("email", [None, "owner@mine.example", "manager@mine.example"])
def test_the_other_store_sees_nothing(stage: Stage, town: dict[str, str], email: str | None) -> None:
    client = browser(stage, email) if email else stage.client()
    for path in [f"/api/v1/stores/other-shop/team/{name}" for name in STORE_API] + [
        "/stores/other-shop/",
        "/stores/other-shop/team",
        "/merchants/other-firm/stores",
    ]:
        answer = client.get(path)
        assert answer.status_code in {401, 403}, path
        assert "other.example" not in answer.text


def test_the_team_is_the_stores_own(stage: Stage, town: dict[str, str]) -> None:
    members = browser(stage, "manager@mine.example").get("/api/v1/stores/mine-shop/team/members").json()
    assert {member["email"].partition("@")[2] for member in members} == {"mine.example"}
    assert len(members) == 5


def test_roles_open_what_they_grant(stage: Stage, town: dict[str, str]) -> None:
    viewer = browser(stage, "viewer@mine.example")
    assert viewer.get("/api/v1/stores/mine-shop/team/members").status_code == 200
    assert viewer.get("/api/v1/stores/mine-shop/team/roles").status_code == 403
    manager = browser(stage, "manager@mine.example")
    roles = manager.get("/api/v1/stores/mine-shop/team/roles").json()
    given = {"email": "new@example.com", "role_id": roles[0]["id"]}
    assert viewer.post("/api/v1/stores/mine-shop/team/invitations", json=given).status_code == 403
    assert manager.post("/api/v1/stores/mine-shop/team/invitations", json=given).status_code == 201


def test_an_invitation_through_the_pages(stage: Stage, town: dict[str, str]) -> None:
    manager = browser(stage, "manager@mine.example")
    role = manager.get("/api/v1/stores/mine-shop/team/roles").json()[0]["id"]
    page = manager.post("/stores/mine-shop/team/invitations", data={"email": "new@example.com", "role_id": role})
    path = "/invitations/" + page.text.split("/invitations/")[1].split("<")[0]
    visitor = stage.client()
    assert "new@example.com" in visitor.get(path).text
    assert visitor.post(path, data={"name": "Nora", "password": "short"}).status_code == 422
    joined = visitor.post(path, data={"name": "Nora", "password": PASSWORD})
    assert joined.headers["location"] == "/login"
    assert visitor.get(path).status_code == 404
    assert browser(stage, "new@example.com").get("/stores/mine-shop/").status_code == 200


def test_an_edit_needs_the_version_it_saw(stage: Stage, town: dict[str, str]) -> None:
    client, url = browser(stage, "admin@example.com"), f"/api/v1/admin/platforms/{town['platform']}"
    seen = client.get(url).headers["etag"]
    changed = {"name": "Northern", "is_active": True}
    first = client.put(url, json=changed, headers={"If-Match": seen})
    assert (first.status_code, first.json()["name"]) == (200, "Northern")
    assert first.headers["etag"] != seen
    late = client.put(url, json=changed, headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert client.put(url, json=changed, headers={"If-Match": "nonsense"}).status_code == 422


def test_lists_are_paged_by_cursor(stage: Stage, town: dict[str, str]) -> None:
    client, names, cursor = browser(stage, "admin@example.com"), [], ""
    for _ in range(20):
        page = client.get("/api/v1/admin/users", params={"limit": 5, **({"cursor": cursor} if cursor else {})}).json()
        names += [user["email"] for user in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(names) == len(set(names)) == 13
    assert client.get("/api/v1/admin/users?cursor=W10").status_code == 422


def test_a_form_is_shown_again_with_what_was_typed(stage: Stage, town: dict[str, str]) -> None:
    client = browser(stage, "admin@example.com")
    given = {"platform_id": town["platform"], "code": "mine-firm", "name": "Twice", "contact_email": "a@b.lu"}
    answer = client.post("/admin/merchants/new", data=given)
    assert answer.status_code == 409
    assert 'value="Twice"' in answer.text
    assert "This code is already in use" in answer.text
    assert client.post("/admin/merchants/new", data={**given, "code": "Bad Code"}).status_code == 422


def test_suspending_asks_first_and_closes_the_shop(stage: Stage, town: dict[str, str]) -> None:
    client = browser(stage, "admin@example.com")
    merchant = client.get("/api/v1/admin/merchants", params={"q": "mine"}).json()["items"][0]
    url = f"/admin/merchants/{merchant['id']}/to/suspended"
    assert "close at once" in client.get(url).text
    assert client.post(url, data={"reason": "unpaid"}).status_code == 303
    assert "unpaid" in client.get(f"/admin/merchants/{merchant['id']}").text
    assert "mine-shop" not in stage.client().get("/").text
    again = client.post(f"/api/v1/admin/merchants/{merchant['id']}/transitions", json={"state": "applied"})
    assert (again.status_code, again.json()["code"]) == (409, "tenancy_illegal_merchant_transition")


def test_a_key_opens_its_own_store_only(stage: Stage, town: dict[str, str]) -> None:
    client, headers = stage.client(), {"Authorization": f"Bearer {town['other_key']}"}
    assert client.get("/api/v1/stores/other-shop/team/members", headers=headers).status_code == 200
    assert client.get("/api/v1/stores/other-shop/team/roles", headers=headers).status_code == 403
    assert client.get("/api/v1/stores/mine-shop/team/members", headers=headers).status_code == 401
    assert client.get("/api/v1/admin/users", headers=headers).status_code == 401


def test_a_platforms_key_is_no_admin_of_the_installation(stage: Stage, town: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {town['platform_key']}"}
    assert stage.client().get("/api/v1/admin/users", headers=headers).status_code == 401
    with use_context(RequestContext()), stage.runtime.database.platform_session() as session, session.begin():
        _, key = create_api_key(session, "operator", ["tenancy.manage_users"])
    headers = {"Authorization": f"Bearer {key}"}
    assert stage.client().get("/api/v1/admin/users", headers=headers).status_code == 200
    assert stage.client().get("/api/v1/admin/stores", headers=headers).status_code == 403


def test_one_changes_ones_password_and_other_sessions_end(stage: Stage, town: dict[str, str]) -> None:
    here, elsewhere = (browser(stage, "viewer@mine.example") for _ in range(2))
    url, new = "/stores/mine-shop/account/password", "nine blue saucers"
    assert here.post(url, data={"current": "wrong one", "password": new}).status_code == 401
    assert here.post(url, data={"current": PASSWORD, "password": "short"}).status_code == 422
    assert here.post(url, data={"current": PASSWORD, "password": new}).status_code == 303
    assert here.get("/stores/mine-shop/").status_code == 200
    assert elsewhere.get("/api/v1/stores/mine-shop/team/members").status_code == 401


def test_an_admin_locks_a_user_out_but_not_himself(stage: Stage, town: dict[str, str]) -> None:
    admin, viewer = browser(stage, "admin@example.com"), browser(stage, "viewer@mine.example")
    ids = {user["email"]: user["id"] for user in admin.get("/api/v1/admin/users?limit=100").json()["items"]}
    url = "/api/v1/admin/users/{}/active"
    assert admin.put(url.format(ids["viewer@mine.example"]), json={"active": False}).status_code == 200
    assert viewer.get("/api/v1/stores/mine-shop/team/members").status_code == 401
    assert admin.put(url.format(ids["admin@example.com"]), json={"active": False}).status_code == 403


def test_a_stores_own_domain_has_its_staff_pages(stage: Stage, town: dict[str, str]) -> None:
    with use_context(RequestContext()), stage.runtime.database.platform_session() as session, session.begin():
        store = session.scalars(select(Store).filter_by(code="mine-shop")).one()
        confirm_domain(session, add_domain(session, store, "mugs.example").id)
    client = TestClient(stage.app, base_url="http://mugs.example", follow_redirects=False)
    asked = client.get("/store/team", headers={"accept": "text/html"})
    assert asked.headers["location"].startswith("/store/login?next=%2Fstore%2Fteam")
    given = {"email": "manager@mine.example", "password": PASSWORD, "next": "/store/team"}
    assert client.post("/store/login", data=given).headers["location"] == "/store/team"
    page = client.get("/store/team")
    assert page.status_code == 200
    assert '<a href="/store/team" aria-current="page">' in page.text
    role = page.text.split('name="role_id"')[-1].split('value="')[1].partition('"')[0]
    invited = client.post("/store/team/invitations", data={"email": "new@example.com", "role_id": role})
    address = invited.text.split("<code>http://mugs.example")[1].partition("<")[0]
    assert address.startswith("/store/invitations/")
    assert client.get(address).status_code == 200
