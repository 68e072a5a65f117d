"""Goods come back counted, are credited with their part of the price, and the money never exceeds what was paid."""

from datetime import timedelta
from uuid import UUID

import pytest

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Clock, Market
from orion_orders.exceptions import TooManyPieces
from orion_orders.services.orders import get_order
from orion_orders.services.returns import withdraw, withdrawable
from tests.modules.inventory.shelves import counters
from tests.modules.orders.team import Desk, desk


def withdrawn(team: Desk, pieces: int) -> str:
    answer = team.post("/returns", kind="withdrawal", pieces={team.item_id: pieces})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_withdrawal_takes_what_is_in_the_house_first(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(3)
    found = withdrawn(team, 2)
    assert (team.item()["cancelled"], team.get()["credited_minor"]) == (1, 1_250)
    announced = team.client.get(f"{team.store}/returns/{found}").json()
    assert (announced["status"], [item["quantity"] for item in announced["items"]]) == ("approved", [1])
    assert team.receive(found, 1).json()["refund_minor"] == 2_500
    assert counters(team.variant_id) == {"main": (8, 0, 0)}


def test_withdrawing_from_all_gives_the_delivery_back(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.post("/payments", amount_minor=5_590)
    team.ship(4)
    found = withdrawn(team, 4)
    team.receive(found, 4)
    assert (team.get()["credited_minor"], team.get()["payment_status"]) == (5_590, "overpaid")
    answer = team.client.post(f"{team.store}/returns/{found}/refund", json={"reference": "SEPA 7"})
    assert answer.json()["status"] == "refunded"
    assert (team.get()["payment_status"], team.get()["due_minor"]) == ("refunded", 0)
    again = team.client.post(f"{team.store}/returns/{found}/refund", json={})
    assert again.json()["code"] == "illegal_transition"


def test_withdrawing_from_all_before_shipment_ends_the_order(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.parcel(2)
    assert team.client.get(f"{team.store}/returns/{withdrawn(team, 4)}").json()["status"] == "closed"
    assert (team.get()["status"], team.get()["due_minor"]) == ("cancelled", 0)
    assert counters(team.variant_id) == {"main": (10, 0, 0)}


def test_who_returns_of_their_own_accord_gets_no_delivery_back(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(4)
    found = team.post("/returns", pieces={team.item_id: 4}, reason="too blue").json()["id"]
    team.receive(found, 4)
    assert team.get()["credited_minor"] == 5_000


def test_damaged_pieces_are_not_for_sale_again(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(4)
    found = withdrawn(team, 3)
    team.receive(found, 2, "damaged")
    assert counters(team.variant_id) == {"main": (6, 0, 2)}
    assert (team.item()["returned"], team.get()["fulfilment_status"]) == (2, "partially_returned")


def test_no_more_comes_back_than_was_sent(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(2)
    asked = team.post("/returns", pieces={team.item_id: 3})
    assert (asked.status_code, asked.json()["code"], asked.json()["available"]) == (
        409,
        "too_many_pieces",
        {team.item_id: 2},
    )
    found = team.post("/returns", pieces={team.item_id: 2}).json()["id"]
    assert team.post("/returns", pieces={team.item_id: 1}).json()["code"] == "too_many_pieces"
    assert team.receive(found, 3).json()["code"] == "too_many_pieces"


def test_refusing_needs_a_reason_and_a_withdrawal_cannot_be_refused(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(4)
    found = withdrawn(team, 1)
    assert team.move_return(found, "rejected", note="no").json()["code"] == "illegal_transition"


def test_money_is_never_given_back_twice(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.post("/payments", amount_minor=5_590)
    assert team.post("/payments", kind="refund", amount_minor=5_000).status_code == 201
    answer = team.post("/payments", kind="refund", amount_minor=591)
    assert (answer.json()["code"], answer.json()["available_minor"]) == ("too_much_money", 590)
    assert team.post("/payments", amount_minor=2**31 - 1).json()["code"] == "too_much_money"


def test_right_to_withdraw_ends_fourteen_days_after_the_last_parcel(
    market: Market, store: RequestContext, clock: Clock
) -> None:
    team = desk(market)
    for pieces in (1, 3):
        team.move_parcel(team.ship(pieces), "delivered")
    clock.advance(timedelta(days=13, hours=23))
    with unit_of_work() as session:
        assert sum(withdrawable(session, get_order(session, team.order_id)).values()) == 4
    clock.advance(timedelta(hours=2))
    with unit_of_work() as session:
        order = get_order(session, team.order_id)
        assert withdrawable(session, order) == {}
        with pytest.raises(TooManyPieces):
            withdraw(session, order, {UUID(team.item_id): 1})


def test_other_stores_team_finds_no_return(market: Market, store: RequestContext) -> None:
    team = desk(market)
    found = withdrawn(team, 1)
    team.client, team.store = market.client("other_owner"), f"/api/v1/stores/{market.other.store.code}"
    assert team.client.get(f"{team.store}/returns").json()["items"] == []
    assert team.client.get(f"{team.store}/returns/{found}").status_code == 404
    assert team.receive(found, 1).status_code == 404
