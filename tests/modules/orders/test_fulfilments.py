"""Orders are shipped in parts, never more than is open; what is lost is credited."""

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.services.fulfilments import list_fulfilments
from orion_orders.services.orders import get_order, items_of
from orion_orders.services.tracking import can_cancel, parcels_of
from tests.modules.inventory.shelves import counters
from tests.modules.orders.team import desk


def test_order_is_shipped_in_parts(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.ship(1)
    assert (team.get()["fulfilment_status"], team.item()["shipped"]) == ("partial", 1)
    assert counters(team.variant_id) == {"main": (9, 3, 0)}
    second = team.ship(3)
    assert team.get()["fulfilment_status"] == "fulfilled"
    for parcel in team.get("/fulfilments"):
        assert team.move_parcel(parcel["id"], "delivered").status_code == 200
    assert (team.get()["fulfilment_status"], counters(team.variant_id)) == ("delivered", {"main": (6, 0, 0)})
    assert [parcel["tracking_code"] for parcel in team.get("/fulfilments") if parcel["id"] == second] == ["RR1LU"]


def test_each_parcel_has_its_own_pieces_for_all_who_look(market: Market, store: RequestContext) -> None:
    team = desk(market)
    given_up = team.parcel(1)
    team.move_parcel(given_up, "cancelled")
    team.ship(1)
    team.parcel(3)
    assert [parcel["pieces"] for parcel in team.get("/fulfilments")] == [{team.item_id: n} for n in (1, 1, 3)]
    title = team.item()["title"]
    page = team.client.get(f"{team.store.replace('/api/v1', '')}/orders/{team.order_id}").text
    assert [page.count(f"{n} \u00d7 {title}") for n in (1, 3)] == [2, 1]
    with unit_of_work() as session:
        order = get_order(session, team.order_id)
        found = [(each.fulfilment.number, each.goods) for each in parcels_of(session, order, items_of(session, order))]
        assert found == [(2, [(title, 1)]), (3, [(title, 3)])]


def test_a_parcel_that_was_given_up_does_not_keep_a_buyer_from_cancelling(
    market: Market, store: RequestContext
) -> None:
    team = desk(market)
    team.move_parcel(team.parcel(1), "cancelled")
    packed = team.parcel(1)

    def can() -> bool:
        with unit_of_work() as session:
            order = get_order(session, team.order_id)
            return can_cancel(order, items_of(session, order), list_fulfilments(session, order))

    assert can()
    team.move_parcel(packed, "picking")
    assert not can()


def test_no_piece_is_planned_twice(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.parcel(3)
    answer = team.post("/fulfilments", pieces={team.item_id: 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_pieces")
    assert answer.json()["available"] == {team.item_id: 1}
    assert team.post("/fulfilments", pieces={team.item_id: 0}).json()["code"] == "guard_failed"


def test_cancelled_parcel_frees_its_pieces_for_another(market: Market, store: RequestContext) -> None:
    team = desk(market)
    team.move_parcel(team.parcel(4), "cancelled")
    assert team.move_parcel(team.parcel(4), "shipped").status_code == 200


def test_parcel_takes_no_step_back(market: Market, store: RequestContext) -> None:
    team = desk(market)
    parcel = team.ship(4)
    answer = team.move_parcel(parcel, "cancelled")
    assert (answer.status_code, answer.json()["code"], answer.json()["source"]) == (
        409,
        "illegal_transition",
        "shipped",
    )


def test_lost_parcel_is_credited_with_the_delivery_if_nothing_is_left(market: Market, store: RequestContext) -> None:
    team = desk(market)
    first, second = team.ship(1), team.ship(3)
    team.move_parcel(first, "lost")
    assert (team.get()["credited_minor"], team.item()["cancelled"]) == (1_250, 1)
    team.move_parcel(second, "returned_to_sender")
    assert (team.get()["credited_minor"], team.get()["due_minor"]) == (5_590, 0)
    assert counters(team.variant_id) == {"main": (9, 0, 0)}


def test_packing_must_stop_before_an_order_is_cancelled(market: Market, store: RequestContext) -> None:
    team = desk(market)
    parcel = team.parcel(1)
    team.move_parcel(parcel, "picking")
    assert team.post("/cancel", reason="staff").json()["code"] == "guard_failed"
    team.move_parcel(parcel, "cancelled")
    assert team.post("/cancel", reason="staff").json()["status"] == "cancelled"
    assert counters(team.variant_id) == {"main": (10, 0, 0)}


def test_other_stores_team_finds_no_parcel(market: Market, store: RequestContext) -> None:
    team = desk(market)
    parcel = team.parcel(1)
    team.client, team.store = market.client("other_owner"), f"/api/v1/stores/{market.other.store.code}"
    assert team.client.get(f"{team.store}/orders").status_code == 200
    assert team.client.get(f"{team.store}/orders/{team.order_id}/fulfilments").status_code == 404
    assert team.move_parcel(parcel, "shipped").json()["code"] == "record_not_found"
