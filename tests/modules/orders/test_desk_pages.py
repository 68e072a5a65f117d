"""The team's pages open in every language, show what is next first, and say nothing to the other store."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.i18n import LOCALES
from orion_core.testing import Market
from orion_orders.models import Order
from orion_orders.services.links import order_token
from orion_orders.services.orders import get_order
from tests.modules.orders.checkouts import HERE, shopper
from tests.modules.orders.team import Desk, desk


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/stores/{store.store.code}"


def sent(client: TestClient, path: str, **form: Any) -> str:
    """Send a form that is not refused, and return where it leads."""
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def refusal(client: TestClient, path: str, **form: Any) -> str:
    """Send a form that leads back with a message, and return the page with it."""
    return str(client.get(sent(client, path, **form)).text)


def as_it_is(order_id: UUID) -> Order:
    with unit_of_work() as session:
        return get_order(session, order_id)


def another(market: Market, at: Desk) -> dict[str, Any]:
    """Order two more of the same pieces."""
    guest = shopper(market)
    cart = guest.put_in(at.variant_id, 2)
    guest.check_out(uuid5(HERE, "home"))
    return dict(guest.order(cart["id"], guest.quote()["total_minor"]).json())


def returned(at: Desk, base: str, pieces: int = 2, kind: str = "return") -> str:
    """Ship two pieces, announce that some come back, and return the path of the return's page."""
    at.ship(2)
    form = {"item_id": at.item_id, "quantity": str(pieces), "kind": kind}
    return sent(at.client, f"{base}/orders/{at.order_id}/returns", **form)


def test_every_page_opens_in_every_language(market: Market, base: str) -> None:
    at = desk(market)
    order, client = f"{base}/orders/{at.order_id}", at.client
    back = returned(at, base)
    planned, sent_off = at.parcel(1), at.get("/fulfilments")[0]["id"]
    change = sent(client, f"{order}/edit", item_id=at.item_id, quantity="1")
    sent(client, f"{order}/notes", note="Rings at noon")
    sent(client, f"{order}/payments", amount="10", kind="payment")
    paths = [f"{base}/{page}" for page in ("", "orders", "orders?q=nothing", "orders/new", "fulfilment", "returns")]
    paths += [f"{base}/fulfilment/pick-list", f"{base}/fulfilment/pick-list?order_id={at.order_id}"]
    paths += [order, f"{order}/cancel", f"{order}/edit", back, change, f"{base}/parcels/{planned}/slip"]
    paths += [f"{base}/parcels/{planned}/give-up?target=cancelled", f"{base}/parcels/{sent_off}/give-up?target=lost"]
    for language in LOCALES:
        client.headers["Accept-Language"] = language
        for path in paths:
            answer = client.get(path)
            assert (answer.status_code, f'lang="{language}"' in answer.text) == (200, True), (path, answer.text)
    assert "Rings at noon" in client.get(order).text


def test_a_parcel_is_packed_shipped_and_delivered(market: Market, base: str) -> None:
    at = desk(market)
    order = sent(at.client, f"{base}/orders/{at.order_id}/parcels", item_id=at.item_id, quantity="3")
    (parcel,) = at.get("/fulfilments")
    steps = f"{base}/parcels/{parcel['id']}/steps"
    link = "https://track.example/RR9LU"
    sent(at.client, steps, target="packed", carrier="POST", tracking_code="RR9LU", tracking_url=link)
    assert as_it_is(at.order_id).fulfilment_status == "unfulfilled"
    sent(at.client, steps, target="shipped", carrier="POST", tracking_code="RR9LU", tracking_url=link)
    assert f'href="{link}"' in at.client.get(order).text
    sent(at.client, steps, target="delivered")
    assert (as_it_is(at.order_id).fulfilment_status, at.item()["shipped"]) == ("partial", 3)


def test_a_lost_parcel_is_asked_for_first_and_then_credited(market: Market, base: str) -> None:
    at = desk(market)
    parcel = f"{base}/parcels/{at.ship(2)}"
    assert 'name="target" value="lost"' in at.client.get(f"{parcel}/give-up?target=lost").text
    assert as_it_is(at.order_id).credited_minor == 0
    sent(at.client, f"{parcel}/steps", target="lost")
    assert as_it_is(at.order_id).credited_minor == 2_500


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("/parcels", {"quantity": "0"}, "a parcel holds one piece at least"),
    ("/edit", {"quantity": "0"}, "say what shall be added or taken out"),
    ("/payments", {"amount": "0.01", "kind": "refund"}, "That is more than was paid"),
    ("/returns", {"quantity": "1"}, "That many pieces are not left"),
    ("/cancel", {"reason": ""}, "say why"),
]


def test_a_refused_form_says_why_and_changes_nothing(market: Market, base: str) -> None:
    at = desk(market)
    before = as_it_is(at.order_id).version
    for path, form, said in REFUSED:
        page = refusal(at.client, f"{base}/orders/{at.order_id}{path}", item_id=at.item_id, **form)
        assert said in page, (path, form)
        assert as_it_is(at.order_id).version == before


def test_a_discarded_change_leaves_the_order_alone(market: Market, base: str) -> None:
    at = desk(market)
    order = f"{base}/orders/{at.order_id}"
    change = sent(at.client, f"{order}/edit", item_id=at.item_id, quantity="1")
    assert change in at.client.get(order).text
    sent(at.client, f"{change}/discard")
    assert (as_it_is(at.order_id).due_minor, change in at.client.get(order).text) == (5_590, False)


def test_a_note_stays_in_the_house(market: Market, base: str) -> None:
    at = desk(market)
    order = sent(at.client, f"{base}/orders/{at.order_id}/notes", note="Rings at noon")
    assert "Rings at noon" in at.client.get(order).text
    token = order_token(as_it_is(at.order_id))
    shop = market.client().get(f"/shop/{market.mine.store.code}/orders/{token}")
    assert (shop.status_code, "Rings at noon" in shop.text) == (200, False)


def test_what_waits_longest_is_shipped_first(market: Market, base: str) -> None:
    at = desk(market)
    numbers = [as_it_is(at.order_id).number, *(another(market, at)["number"] for _ in range(2))]
    page = at.client.get(f"{base}/fulfilment").text
    assert sorted(numbers, key=page.index) == numbers
    first = at.client.get(f"{base}/fulfilment?limit=2").text
    assert [number in first for number in numbers] == [True, True, False]
    at.ship(4)
    assert numbers[0] not in at.client.get(f"{base}/fulfilment").text


def test_a_pick_list_sums_the_pieces_of_the_chosen(market: Market, base: str) -> None:
    at = desk(market)
    other = another(market, at)
    chosen = {"order_id": [str(at.order_id), other["id"]]}
    page = at.client.get(f"{base}/fulfilment/pick-list", params=chosen).text
    assert ("<strong>6</strong>" in page, other["number"] in page) == (True, True)
    one = at.client.get(f"{base}/fulfilment/pick-list", params={"order_id": other["id"]}).text
    assert "<strong>2</strong>" in one


def test_a_packing_slip_names_no_price(market: Market, base: str) -> None:
    at = desk(market)
    slip = at.client.get(f"{base}/parcels/{at.parcel(2)}/slip").text
    assert ("12, rue du Fossé" in slip, "€" in slip) == (True, False)


def test_the_dashboard_counts_today(market: Market, base: str) -> None:
    at = desk(market)
    page = at.client.get(f"{base}/").text
    assert ("Orders today" in page, "€55.90" in page, "Takings of the last 30 days" in page) == (True, True, True)


def test_the_other_store_sees_and_changes_nothing(market: Market, base: str) -> None:
    at = desk(market)
    change = sent(at.client, f"{base}/orders/{at.order_id}/edit", item_id=at.item_id, quantity="1").rsplit("/", 1)[1]
    parcel = at.ship(1)
    back = at.post("/returns", pieces={at.item_id: 1}).json()["id"]
    before, number = as_it_is(at.order_id).version, as_it_is(at.order_id).number
    strangers, there = market.client("other_owner"), f"/stores/{market.other.store.code}"
    for path in ("orders", "fulfilment", "fulfilment/pick-list", "returns", "invoices"):
        answer = strangers.get(f"{there}/{path}")
        assert (answer.status_code, number in answer.text) == (200, False)
    order = f"orders/{at.order_id}"
    parts = (
        order,
        f"{order}/edit",
        f"{order}/cancel",
        f"parcels/{parcel}/slip",
        f"returns/{back}",
        f"changes/{change}",
    )
    assert {strangers.get(f"{there}/{path}").status_code for path in parts} == {404}
    steps = {
        f"{order}/notes": {"note": "x"},
        f"parcels/{parcel}/steps": {"target": "lost"},
        f"changes/{change}/apply": {},
    }
    steps |= {f"{order}/cancel": {"reason": "staff"}, f"returns/{back}/steps": {"target": "closed"}}
    assert {strangers.post(f"{there}/{path}", data=form).status_code for path, form in steps.items()} == {404}
    assert as_it_is(at.order_id).version == before


def test_articles_are_found_by_words_and_added_by_pieces(market: Market, base: str) -> None:
    at = desk(market)
    order = f"{base}/orders/{at.order_id}"
    for page in (f"{order}/edit", f"{base}/orders/new"):
        assert 'name="sku" value="A-1"' in at.client.get(page, params={"q": "article"}).text
        assert "No article on sale is like that." in at.client.get(page, params={"q": "teapot"}).text
    change = sent(at.client, f"{order}/edit", sku=["A-1", "", ""], add=["2", "", ""])
    assert "Article A-1</li>" in at.client.get(change).text
    none = refusal(at.client, f"{order}/edit", sku=["A-1", ""], add=["0", ""])
    assert "say what shall be added or taken out" in none
