"""Edits are shown with their money first and applied whole; drafts become orders with all their stock."""

from typing import Any

from sqlalchemy import update

from orion_catalog.models import Variant
from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from tests.modules.inventory.shelves import add_variant, counters
from tests.modules.orders.checkouts import ADDRESS, add_delivery, add_promotion
from tests.modules.orders.team import Desk, desk


def move_change(team: Desk, change: dict[str, Any], target: str) -> Any:
    return team.client.post(f"{team.store}/changes/{change['id']}/steps", json={"target": target})


def test_edit_shows_its_effect_and_then_has_it(market: Market, store: RequestContext) -> None:
    team, bowl = desk(market), add_variant("B-1", {"main": 5}, price_minor=900)
    change = team.post("/changes", cancel={team.item_id: 1}, add=[{"variant_id": str(bowl), "quantity": 2}]).json()
    assert (change["delta_minor"], team.get()["total_minor"]) == (550, 5_590)
    assert move_change(team, change, "requested").json()["next_states"] == ["confirmed", "declined", "cancelled"]
    assert move_change(team, change, "confirmed").status_code == 200
    order = team.get()
    assert (order["total_minor"], order["credited_minor"], order["due_minor"]) == (7_390, 1_250, 6_140)
    assert order["net_minor"] + order["tax_minor"] + order["rounding_minor"] == order["total_minor"]
    assert (counters(team.variant_id), counters(bowl)) == ({"main": (10, 3, 0)}, {"main": (5, 2, 0)})


def test_edit_that_cannot_be_done_whole_changes_nothing(market: Market, store: RequestContext) -> None:
    team, bowl = desk(market), add_variant("B-1", {"main": 1}, price_minor=900)
    change = team.post("/changes", cancel={team.item_id: 1}, add=[{"variant_id": str(bowl), "quantity": 2}]).json()
    move_change(team, change, "requested")
    answer = move_change(team, change, "confirmed")
    assert (answer.status_code, answer.json()["code"], answer.json()["available"]) == (
        409,
        "out_of_stock",
        {str(bowl): 1},
    )
    assert (team.get()["due_minor"], counters(team.variant_id)) == (5_590, {"main": (10, 4, 0)})


def test_edit_is_not_applied_at_another_price_than_was_shown(market: Market, store: RequestContext) -> None:
    team, bowl = desk(market), add_variant("B-1", {"main": 5}, price_minor=900)
    change = team.post("/changes", add=[{"variant_id": str(bowl)}]).json()
    with unit_of_work() as session:
        session.execute(update(Variant).where(Variant.id == bowl).values(price_minor=950))
    answer = move_change(team, change, "requested")
    assert (answer.json()["code"], answer.json()["delta_minor"]) == ("guard_failed", 950)


def test_edit_of_nothing_is_refused(market: Market, store: RequestContext) -> None:
    team = desk(market)
    assert team.post("/changes", cancel={team.item_id: 0}).json()["code"] == "guard_failed"
    assert team.post("/changes", cancel={team.item_id: 5}).json()["code"] == "too_many_pieces"
    assert team.post("/changes", cancel={str(team.order_id): 1}).json()["code"] == "too_many_pieces"


def test_draft_holds_no_stock_until_it_is_placed(market: Market, store: RequestContext) -> None:
    mug, team = add_variant("A-1", {"main": 3}), market.client("staff")
    add_promotion(usage_limit=1)
    path = f"/api/v1/stores/{store.store.code}/orders"
    given = {
        "email": "lena@example.com",
        "shipping_address": ADDRESS,
        "shipping_method_id": str(add_delivery()),
        "promotion_code": "moien",
        "lines": [{"variant_id": str(mug), "quantity": 2}, {"variant_id": str(mug)}],
    }
    draft, other = team.post(path, json=given).json(), team.post(path, json=given).json()
    assert (draft["status"], draft["total_minor"], counters(mug)) == ("draft", 3_965, {"main": (3, 0, 0)})
    assert team.post(f"{path}/{draft['id']}/place").json()["status"] == "confirmed"
    assert counters(mug) == {"main": (3, 3, 0)}
    # The code is used up, and the stock as well.
    assert team.post(f"{path}/{other['id']}/place").json()["code"] == "promotion_refused"
    assert team.get(f"{path}/{other['id']}").json()["status"] == "draft"
