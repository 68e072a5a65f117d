"""The store's team lists, reads, confirms and cancels its orders; the other store sees nothing."""

from uuid import UUID

from orion_core.context import RequestContext
from orion_core.testing import Market
from tests.modules.orders.checkouts import add_delivery, add_variant, placed, shopper


def path(store: RequestContext, rest: str = "") -> str:
    return f"/api/v1/stores/{store.store.code}/orders{rest}"


def several(market: Market, count: int) -> list[str]:
    """Place orders and return their ids, the newest first."""
    mug, method, found = add_variant(), add_delivery(), []
    for number in range(count):
        guest = shopper(market)
        cart = guest.put_in(mug)
        guest.check_out(method, email=f"guest{number}@example.com")
        found.append(guest.order(cart["id"], guest.quote()["total_minor"]).json()["id"])
    return found[::-1]


def test_pages_hold_each_order_once(market: Market, store: RequestContext) -> None:
    wanted, team = several(market, 5), market.client("viewer")
    got: list[str] = []
    cursor: str | None = ""
    for _ in range(3):
        page = team.get(path(store), params={"limit": 2, "cursor": cursor}).json()
        got += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]
    assert (got, cursor) == (wanted, None)


def test_list_is_narrowed(market: Market, store: RequestContext) -> None:
    newest, older = several(market, 2)
    team = market.client("manager")
    team.post(path(store, f"/{older}/cancel"), json={"reason": "staff"})

    def ids(**params: str) -> list[str]:
        return [order["id"] for order in team.get(path(store), params=params).json()["items"]]

    assert ids(status="cancelled") == [older]
    assert ids(status="confirmed", payment_status="unpaid") == [newest]
    assert ids(q="Guest1@example.com") == [newest]
    assert ids(fulfilment_status="delivered") == []
    number = team.get(path(store, f"/{older}")).json()["number"]
    assert ids(q=number.lower()) == [older]


def test_order_tells_its_timeline_and_what_may_follow(market: Market, store: RequestContext) -> None:
    order = market.client("viewer").get(path(store, f"/{placed(market)}")).json()
    assert [event["kind"] for event in order["timeline"]] == ["placed", "status"]
    assert order["next_states"] == ["cancelled", "completed"]
    assert [item["kind"] for item in order["items"]] == ["product", "shipping"]
    assert order["due_minor"] == 3_090


def test_cancelling_is_for_those_who_may(market: Market, store: RequestContext) -> None:
    order_id, body = placed(market), {"reason": "inventory"}
    assert market.client("viewer").post(path(store, f"/{order_id}/cancel"), json=body).status_code == 403
    answer = market.client("support").post(path(store, f"/{order_id}/cancel"), json=body)
    assert (answer.json()["status"], answer.json()["cancel_reason"]) == ("cancelled", "inventory")
    assert answer.json()["timeline"][-1]["actor_kind"] == "user"


def test_confirmed_order_cannot_be_confirmed_again(market: Market, store: RequestContext) -> None:
    answer = market.client("manager").post(path(store, f"/{placed(market)}/confirm"))
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_other_store_sees_nothing(market: Market, store: RequestContext) -> None:
    order_id, stranger = placed(market), market.client("other_owner")
    assert stranger.get(path(market.other)).json()["items"] == []
    assert stranger.get(path(market.other, f"/{order_id}")).status_code == 404
    assert stranger.post(path(market.other, f"/{order_id}/cancel"), json={"reason": "staff"}).status_code == 404
    assert stranger.get(path(store)).status_code in {403, 404}


def test_unknown_order_is_not_found(market: Market, store: RequestContext) -> None:
    answer = market.client("viewer").get(path(store, f"/{UUID(int=7)}"))
    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
