"""The store team's API."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.api import search_variants
from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.testing import Market
from orion_inventory.api import find_available
from orion_inventory.models import Inventory, Location
from orion_inventory.services import demand as stock
from orion_inventory.services import locations
from tests.modules.inventory.shelves import add_variant, counters, soon


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/api/v1/stores/{store.store.code}/inventory"


def test_an_edit_overtaken_by_another_changes_nothing(
    market: Market, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = market.client("manager")
    made = client.post(f"{base}/locations", json={"code": "shop", "name": "Shop"}).json()
    find = locations.get_location

    def overtaken(session: Session, location_id: UUID) -> Location:
        found = find(session, location_id)
        with unit_of_work() as other:
            find(other, location_id).name = "Shop at the station"
        return found

    monkeypatch.setattr(locations, "get_location", overtaken)
    late = client.put(f"{base}/locations/{made['id']}", json={"code": "shop", "name": "Old shop"})
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert [row["name"] for row in client.get(f"{base}/locations").json()] == ["Shop at the station"]


def only(table: Any) -> str:
    with unit_of_work() as session:
        return str(session.scalars(select(table.id)).one())


def test_it_tells_why_so_many_are_available(market: Market, base: str) -> None:
    variant, order, cart = add_variant(pieces={"main": 9}), new_id(), new_id()
    with unit_of_work() as session:
        stock.allocate(session, order, None, {variant: 2})
        stock.hold(session, cart, {variant: 3}, soon())
        assert find_available(session, [variant, new_id()]) == {variant: 4}
    client = market.client("viewer")
    found = client.get(f"{base}/stock/{variant}").json()
    assert found["available"] == 4
    assert [(row["on_hand"], row["reserved"]) for row in found["places"]] == [(9, 2)]
    assert found["promises"] == [{"order_id": str(order), "quantity": 2}]
    assert [(row["cart_id"], row["quantity"]) for row in found["holds"]] == [(str(cart), 3)]
    ledger = client.get(f"{base}/stock/{variant}/transactions", params={"limit": 1}).json()
    assert [(row["kind"], row["reserved_after"], row["number"]) for row in ledger["items"]] == [("allocation", 2, 2)]
    rest = client.get(f"{base}/stock/{variant}/transactions", params={"cursor": ledger["next_cursor"]}).json()
    assert ([row["kind"] for row in rest["items"]], rest["next_cursor"]) == (["receipt"], None)


def test_stock_is_found_by_number_word_and_state(market: Market, base: str) -> None:
    add_variant("A-1", {"main": 9}, title="Red mug")
    add_variant("A-2", {"main": 2}, title="Blue jug")
    add_variant("B-1", {"main": 0}, title="Green mug")
    client = market.client("viewer")

    def skus(**query: Any) -> list[str]:
        answer = client.get(f"{base}/stock", params=query)
        assert answer.status_code == 200, answer.text
        return [row["sku"] for row in answer.json()["items"]]

    assert skus() == ["A-1", "A-2", "B-1"]
    assert skus(q="a-") == ["A-1", "A-2"]
    assert skus(q="mug") == ["A-1", "B-1"]
    assert (skus(show="low"), skus(show="out")) == (["A-2", "B-1"], ["B-1"])
    first = client.get(f"{base}/stock", params={"limit": 2}).json()
    assert skus(cursor=first["next_cursor"]) == ["B-1"]
    assert client.get(f"{base}/stock", params={"cursor": "WzFd"}).status_code == 422


def test_the_catalogue_finds_variants_of_this_store_only(market: Market, store: RequestContext) -> None:
    variant = add_variant("A%1")
    with unit_of_work() as session:
        assert (search_variants(session, "a%", 9), search_variants(session, "%", 9)) == ([variant], [])
        assert search_variants(session, "", 9) == [variant]
    with use_context(market.other), unit_of_work() as session:
        assert search_variants(session, "A", 9) == []


def test_receipts_and_adjustments_answer_with_the_place(market: Market, base: str) -> None:
    variant, client = add_variant(pieces={"main": 1}), market.client("staff")
    came = {"location_id": only(Location), "bin": "A1", "quantity": 4}
    place = client.post(f"{base}/stock/{variant}/receipts", json=came).json()
    assert (place["on_hand"], place["bin"], place["low_stock_at"]) == (4, "A1", 5)
    fixed = {"inventory_id": place["id"], "what": "set", "quantity": 3, "reason": "counted"}
    assert client.post(f"{base}/stock/{variant}/adjustments", json=fixed).json()["on_hand"] == 3
    mark = client.put(f"{base}/stock/{variant}/places/{place['id']}/low-stock", json={"low_stock_at": None})
    assert (mark.status_code, mark.json()["low_stock_at"]) == (200, None)
    stranger = client.post(f"{base}/stock/{new_id()}/receipts", json=came)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "catalog_variant_not_found")
    elsewhere = client.post(f"{base}/stock/{new_id()}/adjustments", json=fixed)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "inventory_place_not_found")


def test_papers_go_through_their_lives(market: Market, base: str) -> None:
    variant, client = add_variant(pieces={"front": 5, "back": 0}), market.client("manager")
    front, back = (row["id"] for row in client.get(f"{base}/locations").json())
    line = {"variant_id": str(variant), "quantity": 2}
    plan = {"source_id": front, "target_id": back, "lines": [line]}
    assert client.post(f"{base}/transfers", json={**plan, "target_id": front}).status_code == 422
    transfer = client.post(f"{base}/transfers", json=plan).json()
    assert client.post(f"{base}/transfers/{transfer['id']}/send").json()["state"] == "in_transit"
    done = client.post(f"{base}/transfers/{transfer['id']}/receive", json={"lines": [line]}).json()
    assert (done["state"], done["lines"][0]["received"]) == ("received", 2)
    refused = client.post(f"{base}/transfers/{transfer['id']}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    stocktake = client.post(f"{base}/stocktakes", json={"location_id": back}).json()
    place = client.get(f"{base}/stocktakes/{stocktake['id']}/lines").json()[0]["inventory_id"]
    counts = {"counts": [{"inventory_id": place, "counted": 1}]}
    assert client.post(f"{base}/stocktakes/{stocktake['id']}/counts", json=counts).status_code == 200
    for state in ("counted", "approved", "posted"):
        step = client.post(f"{base}/stocktakes/{stocktake['id']}/steps", json={"state": state})
        assert step.json()["state"] == state
    assert counters(variant) == {"front": (3, 0, 0), "back": (1, 0, 0)}


def test_the_other_store_sees_nothing(market: Market, store: RequestContext, base: str) -> None:
    variant = add_variant(pieces={"main": 5})
    other, theirs = market.client("other_owner"), f"/api/v1/stores/{market.other.store.code}/inventory"
    assert other.get(f"{theirs}/stock").json()["items"] == []
    assert other.get(f"{theirs}/locations").json() == []
    assert other.get(f"{theirs}/stock/{variant}").status_code == 404
    came = {"location_id": only(Location), "quantity": 4}
    assert other.post(f"{theirs}/stock/{variant}/receipts", json=came).status_code == 404
    fixed = {"inventory_id": only(Inventory), "what": "set", "quantity": 0, "reason": "envy"}
    assert other.post(f"{theirs}/stock/{variant}/adjustments", json=fixed).status_code == 404
    assert other.get(f"{base}/stock").status_code in {401, 403}
    assert counters(variant) == {"main": (5, 0, 0)}
