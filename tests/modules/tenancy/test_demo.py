"""The demo: complete, the same each time, and every page of it opens for whoever may see it."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from orion_core.context import RequestContext, use_context
from orion_host.testing import Stage
from orion_tenancy.demo.plant import plant
from orion_tenancy.models import Merchant, Platform, Role, Store

PASSWORD = "demo-password-1"


@pytest.fixture
def world(stage: Stage) -> dict[str, Any]:
    world: dict[str, Any] = {"password": PASSWORD}
    with use_context(RequestContext()), stage.runtime.database.platform_session() as session, session.begin():
        plant(session, world)
    return world


def signed_in(stage: Stage, email: str) -> TestClient:
    client = stage.client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def test_there_is_enough_to_look_at(stage: Stage, world: dict[str, Any]) -> None:
    with stage.runtime.database.platform_session() as session:
        assert session.scalar(select(func.count()).select_from(Platform)) == 2
        states = set(session.scalars(select(Merchant.state)))
        assert states == {"active", "suspended", "in_review"}
        assert session.scalar(select(func.count()).select_from(Store)) == 6
        assert session.scalar(select(func.count()).select_from(Role)) == 30
    assert len(world["stores"]) == 6
    assert {store["currency"] for store in world["stores"]} == {"EUR", "CHF"}
    assert {store["locale"] for store in world["stores"]} == {"en", "fr", "de", "lb"}


def test_every_login_leads_to_its_place(stage: Stage, world: dict[str, Any]) -> None:
    for login in world["staff"]:
        client = stage.client()
        answer = client.post("/login", data={"email": login["email"], "password": PASSWORD})
        assert answer.headers["location"] == login["path"], login
        assert client.get(login["path"]).status_code == 200, login


@pytest.mark.parametrize("locale", ["en", "fr", "de", "lb"])
def test_every_page_a_link_leads_to_opens(stage: Stage, world: dict[str, Any], locale: str) -> None:
    client = signed_in(stage, "admin@orion.example")
    client.get(f"/login?lang={locale}")
    starts = ["/", "/login", "/admin/", "/merchants/atelier-haff/", "/stores/haff-keramik/"]
    seen, waiting = set[str](), list(starts)
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/shop/", "/static/")):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:2000])
        waiting += [link.partition("?")[0] for link in re.findall(r'href="(/[^"#]*)"', answer.text)]
    assert len(seen) > 60
    assert {"/admin/users/new", "/stores/haff-keramik/team/roles/new", "/merchants/atelier-haff/stores"} <= seen
