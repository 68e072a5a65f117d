"""The store team's pages: every one opens in every language, every form works without a script."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.testing import Market
from orion_inventory.models import Inventory, Location, Stocktake, Transfer
from orion_inventory.services import demand as stock
from tests.modules.inventory.shelves import add_variant, assert_proven, counters, soon


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/stores/{store.store.code}"


def sent(client: TestClient, path: str, **form: Any) -> Any:
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ids(table: Any) -> list[Any]:
    with unit_of_work() as session:
        return list(session.scalars(select(table.id).order_by(table.id)))


@pytest.mark.parametrize("language", ["en", "fr", "de", "lb"])
def test_every_page_opens_in_every_language(market: Market, base: str, language: str) -> None:
    variant, order = add_variant(pieces={"front": 2, "back": 3}), new_id()
    loose = add_variant("A-2")
    with unit_of_work() as session:
        stock.allocate(session, order, None, {variant: 1})
        stock.hold(session, new_id(), {variant: 1}, soon())
    client = market.client("manager")
    front, back = ids(Location)
    lines = {"sku": ["A-1"], "quantity": ["1"]}
    transfer = sent(client, f"{base}/inventory/transfers", source_id=front, target_id=back, **lines)
    sent(client, f"{transfer}/send")
    stocktake = sent(client, f"{base}/inventory/stocktakes", location_id=str(front))
    pages = ["", "?show=low", "?q=nothing", "/receive", "/locations", "/locations/new", f"/locations/{front}"]
    pages += ["/transfers", "/transfers/new", "/stocktakes", "/proof", f"/articles/{variant}", f"/articles/{loose}"]
    paths = [f"{base}/inventory{page}" for page in pages]
    paths += [transfer, f"{transfer}/cancel", stocktake, f"{stocktake}/steps/cancelled", f"{base}/"]
    for path in paths:
        answer = client.get(path, params={"lang": language} if "?" not in path else None)
        assert answer.status_code == 200, (path, answer.text)
    page = client.get(f"{base}/inventory/articles/{variant}", params={"lang": language}).text
    assert str(order)[-8:] in page
    assert f'lang="{language}"' in page


def test_goods_come_in_are_corrected_and_marked(market: Market, base: str) -> None:
    client = market.client("staff")
    variant = add_variant(pieces={"main": 0})
    (location,) = ids(Location)
    came = {"location_id": str(location), "sku": "A-1", "quantity": "5", "reason": "note 7"}
    article = sent(client, f"{base}/inventory/receive", **came)
    (place,) = ids(Inventory)
    sent(client, f"{article}/adjust", inventory_id=place, what="set_aside", quantity="2", reason="wet")
    sent(client, f"{article}/adjust", inventory_id=place, what="discard", quantity="1", reason="mouldy")
    sent(client, f"{article}/low-stock", inventory_id=place, low_stock_at="3")
    assert counters(variant) == {"main": (3, 0, 1)}
    page = client.get(article).text
    assert all(reason in page for reason in ("note 7", "wet", "mouldy"))
    assert "A-1" in client.get(f"{base}/inventory?show=low").text


@pytest.mark.parametrize(
    ("form", "status", "shown"),
    [
        ({"what": "set", "quantity": "5", "reason": "again"}, 422, "This would change nothing"),
        ({"what": "write_off", "quantity": "3", "reason": "gone"}, 409, "not that many free pieces"),
        ({"what": "write_off", "quantity": "1"}, 422, "This field is required"),
        ({"what": "steal", "quantity": "1", "reason": "x"}, 422, "entry needs your attention"),
    ],
)
def test_a_refused_correction_says_why(
    market: Market, base: str, form: dict[str, str], status: int, shown: str
) -> None:
    variant = add_variant(pieces={"main": 5})
    with unit_of_work() as session:
        stock.allocate(session, new_id(), None, {variant: 3})
    answer = market.client("staff").post(
        f"{base}/inventory/articles/{variant}/adjust", data={**form, "inventory_id": str(ids(Inventory)[0])}
    )
    assert (answer.status_code, shown in answer.text) == (status, True), answer.text
    assert counters(variant) == {"main": (5, 3, 0)}


def test_an_unknown_article_cannot_be_received(market: Market, base: str) -> None:
    add_variant(pieces={"main": 5})
    form = {"sku": "Z-9", "location_id": str(ids(Location)[0]), "quantity": "1"}
    answer = market.client("staff").post(f"{base}/inventory/receive", data=form)
    assert answer.status_code == 422
    assert "There is no article with this number" in answer.text


def test_a_transfer_arrives_in_two_parts(market: Market, base: str, store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 5, "back": 0})
    client = market.client("staff")
    front, back = ids(Location)
    form = {"source_id": front, "target_id": back, "sku": ["A-1", ""], "quantity": ["4", ""]}
    transfer = sent(client, f"{base}/inventory/transfers", **form)
    sent(client, f"{transfer}/send")
    assert counters(variant) == {"front": (1, 0, 0), "back": (0, 0, 0)}
    sent(client, f"{transfer}/receive", variant_id=[variant], quantity=["1"])
    assert client.post(f"{transfer}/receive", data={"variant_id": [variant], "quantity": ["9"]}).status_code == 422
    sent(client, f"{transfer}/receive", variant_id=[variant], quantity=["2"], rest_is_missing="1")
    assert counters(variant) == {"front": (1, 0, 0), "back": (3, 0, 0)}
    again = client.post(f"{transfer}/send")
    assert (again.status_code, "cannot become" in again.text) == (409, True)
    assert_proven(store)


def test_more_than_is_free_cannot_be_sent(market: Market, base: str) -> None:
    variant = add_variant(pieces={"front": 5, "back": 0})
    front, back = ids(Location)
    client = market.client("staff")
    form = {"source_id": front, "target_id": back, "sku": ["A-1"], "quantity": ["6"]}
    transfer = sent(client, f"{base}/inventory/transfers", **form)
    assert client.post(f"{transfer}/send").status_code == 409
    assert counters(variant)["front"] == (5, 0, 0)
    with unit_of_work() as session:
        assert session.scalars(select(Transfer.state)).all() == ["draft"]


def test_a_cancelled_transfer_goes_back(market: Market, base: str, store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 5, "back": 0})
    front, back = ids(Location)
    client = market.client("staff")
    form = {"source_id": front, "target_id": back, "sku": ["A-1"], "quantity": ["4"]}
    transfer = sent(client, f"{base}/inventory/transfers", **form)
    sent(client, f"{transfer}/send")
    sent(client, f"{transfer}/receive", variant_id=[variant], quantity=["1"])
    sent(client, f"{transfer}/cancel")
    assert counters(variant) == {"front": (4, 0, 0), "back": (1, 0, 0)}
    assert_proven(store)


def test_a_count_takes_the_difference_when_it_is_counted(market: Market, base: str, store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 10})
    client = market.client("staff")
    stocktake = sent(client, f"{base}/inventory/stocktakes", location_id=str(ids(Location)[0]))
    assert client.post(f"{stocktake}/steps/counted").status_code == 409
    sent(client, f"{stocktake}/counts", inventory_id=[str(ids(Inventory)[0])], counted=["8"])
    with unit_of_work() as session:
        stock.ship(session, new_id(), new_id(), {variant: 3})
    sent(client, f"{stocktake}/steps/counted")
    assert client.post(f"{stocktake}/steps/posted").status_code == 409
    sent(client, f"{stocktake}/steps/approved")
    sent(client, f"{stocktake}/steps/posted")
    assert counters(variant) == {"main": (5, 0, 0)}
    assert client.post(f"{stocktake}/counts", data={"inventory_id": [], "counted": []}).status_code == 409
    with unit_of_work() as session:
        assert session.scalars(select(Stocktake.state)).all() == ["posted"]
    assert_proven(store)


def test_a_location_is_made_and_closed(market: Market, base: str) -> None:
    client = market.client("manager")
    form = {"code": "barn", "name": "Barn", "kind": "warehouse", "priority": "3"}
    sent(client, f"{base}/inventory/locations", **form, is_active="1")
    assert client.post(f"{base}/inventory/locations", data=form).status_code == 409
    (location,) = ids(Location)
    sent(client, f"{base}/inventory/locations/{location}", **form, version="1")
    with unit_of_work() as session:
        assert session.scalars(select(Location)).one().is_active is False
    assert client.post(f"{base}/inventory/locations/{location}", data={**form, "version": "1"}).status_code == 412


def test_who_may_only_look_changes_nothing(market: Market, base: str) -> None:
    variant = add_variant(pieces={"main": 5})
    viewer = market.client("viewer")
    assert viewer.get(f"{base}/inventory/articles/{variant}").status_code == 200
    for path in ("receive", f"articles/{variant}/adjust", "transfers", "stocktakes", "locations"):
        assert viewer.post(f"{base}/inventory/{path}", data={}).status_code == 403, path


def test_the_other_store_sees_no_page(market: Market, store: RequestContext, base: str) -> None:
    variant = add_variant(pieces={"front": 5, "back": 0})
    front, back = ids(Location)
    lines = {"sku": ["A-1"], "quantity": ["4"]}
    transfer = sent(market.client("staff"), f"{base}/inventory/transfers", source_id=front, target_id=back, **lines)
    other, theirs = market.client("other_owner"), f"/stores/{market.other.store.code}"
    assert "A-1" not in other.get(f"{theirs}/inventory").text
    for path in (f"articles/{variant}", f"locations/{front}", f"transfers/{transfer.rpartition('/')[2]}"):
        assert other.get(f"{theirs}/inventory/{path}").status_code == 404, path
        assert other.get(f"{base}/inventory/{path}").status_code in {401, 403}, path
