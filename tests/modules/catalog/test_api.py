"""The catalogue's API: lists, search and details of the shop; products, prices and imports of the store team."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from orion_catalog.tasks import ImportArgs
from orion_catalog.tasks import import_feed as import_task
from orion_core.context import Tenant
from orion_core.ids import new_id
from orion_core.tasks import RunningTask
from orion_host.testing import Stage
from tests.modules.catalog.market import Market, add_product, feed, import_feed

STAFF = "/api/v1/stores/mine"
SHOP = "/api/v1/shop/mine"
NEW = {"title": "Mug", "variants": [{"sku": "M-1", "price_minor": 1250}]}
ROWS = [
    ("1", "Red hanging heart", "A light holder", "2.95", "", "Home > Gifts"),
    ("2", "Garden spade", "Digs", "30.00", "", "Garden"),
    ("3", "", "", "1.00"),
]


def made(client: TestClient, **values: Any) -> dict[str, Any]:
    answer = client.post(f"{STAFF}/products", json={**NEW, **values})
    assert answer.status_code == 201, answer.text
    product: dict[str, Any] = answer.json()
    return product


def test_a_draft_is_not_in_the_shop_until_it_is_published(client: Any, store: Tenant) -> None:
    staff, shop = client(), client(keys={})
    product = made(staff)
    assert shop.get(f"{SHOP}/products").json()["items"] == []
    assert shop.get(f"{SHOP}/products/mug").status_code == 404
    assert staff.post(f"{STAFF}/products/{product['id']}/publish").status_code == 200
    (card,) = shop.get(f"{SHOP}/products").json()["items"]
    assert (card["title"], card["price_minor"], card["currency"]) == ("Mug", 1250, "EUR")
    detail = shop.get(f"{SHOP}/products/mug").json()
    assert [variant["sku"] for variant in detail["variants"]] == ["M-1"]
    assert staff.post(f"{STAFF}/products/{product['id']}/archive").status_code == 200
    assert shop.get(f"{SHOP}/products/mug").status_code == 404


def test_an_edit_names_the_version_it_saw(client: Any, store: Tenant) -> None:
    staff = client()
    product = made(staff)
    place, tag = f"{STAFF}/products/{product['id']}", f'"{product["version"]}"'
    assert staff.put(place, json={"title": "Big mug"}, headers={"If-Match": tag}).status_code == 200
    stale = staff.put(place, json={"title": "Old mug"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert staff.get(place).json()["title"] == "Big mug"


def test_each_price_leaves_a_row_in_the_history(client: Any, store: Tenant) -> None:
    staff = client()
    variant = made(staff)["variants"][0]["id"]
    for price in (1300, 1300, 990):
        assert staff.put(f"{STAFF}/variants/{variant}/price", json={"price_minor": price}).status_code == 200
    history = staff.get(f"{STAFF}/variants/{variant}/prices").json()
    assert [(row["old_price_minor"], row["price_minor"]) for row in history] == [
        (None, 1250),
        (1250, 1300),
        (1300, 990),
    ]
    assert {row["actor_name"] for row in history} == {"till"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"variants": []}, "body.variants"),
        ({"variants": [{"sku": "A", "price_minor": -1}]}, "body.variants.0.price_minor"),
        ({"images": [{"url": "javascript:alert(1)"}]}, "body.images.0.url"),
        ({"slug": "No Spaces"}, "body.slug"),
    ],
)
def test_input_that_does_not_fit_is_refused_by_name(
    client: Any, store: Tenant, body: dict[str, Any], field: str
) -> None:
    answer = client().post(f"{STAFF}/products", json={**NEW, **body})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_a_number_is_used_once_per_store(client: Any, store: Tenant) -> None:
    made(client())
    answer = client().post(f"{STAFF}/products", json=NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog_code_taken")
    assert client("other").post("/api/v1/stores/other/products", json=NEW).status_code == 201


def test_an_empty_product_is_not_published(client: Any, store: Tenant) -> None:
    staff = client()
    product = made(staff)
    variant = product["variants"][0]
    off = staff.put(f"{STAFF}/variants/{variant['id']}?is_active=false", json={"sku": "M-1", "price_minor": 1250})
    assert off.status_code == 200, off.text
    answer = staff.post(f"{STAFF}/products/{product['id']}/publish")
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog_nothing_to_sell")


def test_filters_narrow_a_list(client: Any, store: Tenant) -> None:
    import_feed(feed(*ROWS))
    add_product(
        "H-1",
        title="Hammer",
        brand="Forge",
        variants=[{"sku": "H-1", "price_minor": 900, "availability": "out_of_stock"}],
    )
    shop = client(keys={})

    def titles(**query: Any) -> list[str]:
        answer = shop.get(f"{SHOP}/products", params=query)
        assert answer.status_code == 200, answer.text
        return [card["title"] for card in answer.json()["items"]]

    assert titles(category="home") == ["Red hanging heart"]
    assert titles(category="gifts") == ["Red hanging heart"]
    assert titles(category="nowhere") == []
    assert titles(brand="Forge") == ["Hammer"]
    assert titles(min_price=500, max_price=1000) == ["Hammer"]
    assert titles(in_stock=True, sort="price") == ["Red hanging heart", "Garden spade"]
    assert titles(sort="-price") == ["Garden spade", "Hammer", "Red hanging heart"]
    assert titles(sort="name") == ["Garden spade", "Hammer", "Red hanging heart"]


@pytest.mark.parametrize(
    "query", ["sort=none", "cursor=zzz", "cursor=WzEsMl0", "limit=0", "min_price=-1", "sort=price&cursor=WyJ4Il0"]
)
def test_a_question_that_makes_no_sense_is_a_client_error(client: Any, store: Tenant, query: str) -> None:
    assert client(keys={}).get(f"{SHOP}/products?{query}").status_code == 422


def test_an_import_is_taken_in_worked_off_and_reported(client: Any, store: Tenant, stage: Stage) -> None:
    staff = client()
    answer = staff.post(f"{STAFF}/imports", files={"file": ("feed.tsv", feed(*ROWS))})
    assert answer.status_code == 202, answer.text
    taken = answer.json()
    assert (taken["status"], [name for name, _ in stage.tasks.sent]) == ("waiting", ["catalog.import_feed"])
    run = RunningTask(new_id(), 1, {})
    import_task.function(args=ImportArgs(import_id=taken["id"]), run=run)
    done = staff.get(f"{STAFF}/imports/{taken['id']}").json()
    assert (done["status"], done["created"], done["rejected"], done["rows"]) == ("completed", 2, 1, 3)
    lines = staff.get(f"{STAFF}/imports/{taken['id']}/errors.csv").text.splitlines()
    assert lines[0] == "row,line,id,column,value,code,reason"
    assert lines[1].startswith("3,4,3,title,,missing_title,")


def test_a_viewer_sees_but_changes_nothing(client: Any, store: Tenant, market: Market) -> None:
    viewer = client(keys=market.viewers)
    assert viewer.get(f"{STAFF}/products").status_code == 200
    assert viewer.post(f"{STAFF}/products", json=NEW).status_code == 403
    assert viewer.post(f"{STAFF}/categories", json={"name": "Toys"}).status_code == 403
    assert viewer.post(f"{STAFF}/imports", files={"file": ("feed.tsv", feed(*ROWS))}).status_code == 403


def test_the_other_store_sees_nothing(client: Any, store: Tenant) -> None:
    product = add_product("S-1", title="Secret")
    done = import_feed(feed(*ROWS))
    other = client("other")
    theirs = "/api/v1/stores/other"
    variant = client().get(f"{STAFF}/products/{product.id}").json()["variants"][0]["id"]
    assert other.get(f"{theirs}/products").json()["items"] == []
    for path in [f"/products/{product.id}", f"/variants/{variant}/prices", f"/imports/{done.id}"]:
        assert other.get(f"{theirs}{path}").status_code == 404, path
    assert other.put(f"{theirs}/variants/{variant}/price", json={"price_minor": 1}).status_code == 404
    assert other.get(f"{STAFF}/products").status_code in {401, 403}
    assert client(keys={}).get("/api/v1/shop/other/products?q=secret").json()["items"] == []
    assert client(keys={}).get("/api/v1/shop/other/products/secret").status_code == 404


def test_categories_form_a_tree(client: Any, store: Tenant) -> None:
    staff = client()
    root = staff.post(f"{STAFF}/categories", json={"name": "Home", "names": {"fr": "Maison"}}).json()
    child = staff.post(f"{STAFF}/categories", json={"name": "Kitchen", "parent_id": root["id"]}).json()
    assert child["path"] == "home/kitchen/"
    (tree,) = client(keys={}).get(f"{SHOP}/categories?lang=fr").json()
    assert (tree["name"], [node["name"] for node in tree["children"]]) == ("Maison", ["Kitchen"])
    circle = staff.put(f"{STAFF}/categories/{root['id']}", json={"name": "Home", "parent_id": child["id"]})
    assert circle.status_code == 422
    assert staff.delete(f"{STAFF}/categories/{root['id']}").json()["code"] == "catalog_category_in_use"
    assert staff.delete(f"{STAFF}/categories/{child['id']}").status_code == 204


def test_openapi_describes_cards_and_details(stage: Stage) -> None:
    document = stage.client().get("/api/v1/meta/openapi/catalog.json").json()
    answer = document["paths"]["/api/v1/shop/{store}/products"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("CardPageOut")
