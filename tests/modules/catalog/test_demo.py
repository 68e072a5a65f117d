"""The demo: enough to look at, in four languages, and every product of it opens."""

from typing import Any

import pytest
from sqlalchemy import func, select

from orion_catalog.models import Product, ProductText
from orion_catalog.services.pictures import KINDS, draw
from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope
from orion_host.testing import Stage


@pytest.fixture
def world(stage: Stage) -> dict[str, Any]:
    world: dict[str, Any] = {"password": "demo-password-1", "places": [], "logins": []}
    with use_context(RequestContext()), platform_scope("plant the demo") as session:
        for _, plant in stage.assembly.implementations("orion_demo"):
            plant(session=session, world=world)
    return world


def test_the_shops_are_full_and_speak_four_languages(stage: Stage, world: dict[str, Any]) -> None:
    with use_context(RequestContext()), platform_scope("count the demo") as session:
        products = session.scalar(select(func.count()).select_from(Product)) or 0
        assert 250 <= products <= 600
        assert session.scalar(select(func.count()).select_from(ProductText)) == 3 * products
    client = stage.client()
    shop = next(store for store in world["stores"] if store["is_open"])["code"]
    items = client.get(f"/api/v1/shop/{shop}/products?limit=100").json()["items"]
    assert len(items) > 40
    for language in ("en", "fr", "de", "lb"):
        page = client.get(f"/shop/{shop}/", params={"lang": language})
        assert page.status_code == 200, page.text
        assert page.text.count('class="product"') >= 12
    for item in items[:10]:
        page = client.get(f"/shop/{shop}/products/{item['slug']}")
        assert page.status_code == 200, page.text
        assert f"/shop/{shop}/pictures/" in page.text
    answer = client.get(f"/shop/{shop}{items[0]['image']}")
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("key", [*(f"{kind}-1" for kind in KINDS), "nothing", "", "<script>", "é" * 300])
def test_a_picture_is_the_same_each_time_and_holds_nothing_active(key: str) -> None:
    picture = draw(key)
    assert picture == draw(key)
    assert picture.startswith("<svg")
    assert not any(word in picture for word in ("<script", "style=", " on", "href"))
