"""A buyer follows an order by its link, cancels, orders again, and withdraws without signing in."""

from uuid import UUID

import pytest
from sqlalchemy import select

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_customers.models import Customer
from orion_customers.services.sessions import open_session
from orion_orders.models import Fulfilment, Order, OrderItem, OrderReturn
from orion_orders.services.links import order_token
from tests.modules.orders.checkouts import add_delivery, add_variant
from tests.modules.orders.forms import TYPED, Browser, bought, browser, hidden


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests of a process ask from one address."""
    monkeypatch.setenv("ORION_ORDERS_LOOKUP_ATTEMPTS", "1000")


CUSTOMER = UUID("0192f3a0-0000-7000-8000-000000000001")


def signed_in(market: Market) -> Browser:
    with unit_of_work() as session:
        session.add(Customer(id=CUSTOMER, number="C-1", email="lea@example.org", name="Léa", locale="en"))
        session.flush()
        token = open_session(session, CUSTOMER, days=1)
    client = market.client()
    client.cookies.set("orion_customer", token)
    return browser(market, client)


def only_order() -> Order:
    with unit_of_work() as session:
        order = session.scalars(select(Order)).one()
        session.expunge_all()
        return order


def test_buyer_cancels_until_something_is_made_ready(market: Market, store: RequestContext) -> None:
    guest, path = bought(market)
    assert f"{path}/cancel" in guest.get(path).text
    assert guest.get(f"{path}/cancel").status_code == 200
    with unit_of_work() as session:
        session.add(Fulfilment(order_id=session.scalars(select(Order.id)).one(), number=1, status="picking"))
    assert f"{path}/cancel" not in guest.get(path).text
    guest.post(f"{path}/cancel")
    assert only_order().status == "confirmed"
    with unit_of_work() as session:
        session.scalars(select(Fulfilment)).one().status = "pending"
    guest.post(f"{path}/cancel")
    assert (only_order().status, only_order().cancel_reason) == ("cancelled", "customer")


def test_page_shows_parcels_with_their_way(market: Market, store: RequestContext) -> None:
    guest, path = bought(market)
    way = {"carrier": "POST", "tracking_code": "RR123", "tracking_url": "https://post.example/RR123"}
    with unit_of_work() as session:
        order = session.scalars(select(Order)).one()
        session.add(Fulfilment(order_id=order.id, number=1, status="shipped", **way))
        order.fulfilment_status = "fulfilled"
    page = guest.get(path).text
    assert 'href="https://post.example/RR123"' in page
    assert page.count("step-done") == 3


def test_ordering_again_takes_what_is_still_sold(market: Market, store: RequestContext) -> None:
    guest, path = bought(market)
    assert guest.path(guest.post(f"{path}/again")) == "/cart"
    assert "€25.00" in guest.get("/cart").text


def test_customer_buys_to_a_saved_address_and_finds_the_order(market: Market, store: RequestContext) -> None:
    lea, method = signed_in(market), add_delivery()
    lea.put_in(add_variant(), 2)
    typed = {**TYPED, "email": "", "shipping_method_id": str(method)}
    assert lea.path(lea.post("/checkout", **typed)) == "/checkout/review"
    lea.order(lea.review())
    order = only_order()
    assert (order.customer_id, order.email) == (CUSTOMER, "lea@example.org")
    assert order.number in lea.get("/account").text
    assert order.number in lea.get("/account/orders").text
    own, guest = (each.get(f"/orders/{order_token(order)}").text for each in (lea, browser(market)))
    assert ("/account/orders" in own, "/account/orders" in guest) == (True, False), "a way back for who has an account"
    team = market.client("manager")
    page = team.get(f"/stores/{store.store.code}/customers/{CUSTOMER}").text
    assert f"/stores/{store.store.code}/orders/{order.id}" in page, "the team sees it at the customer"
    lea.put_in(add_variant("B-1"))
    page = lea.get("/checkout").text
    assert 'type="radio" name="address"' in page
    assert "12, rue du Fossé" in page
    assert browser(market).get("/account/orders").status_code == 401


def test_withdrawal_takes_two_steps_without_signing_in(market: Market, store: RequestContext) -> None:
    _, path = bought(market)
    guest, order = browser(market), only_order()
    assert "Withdraw from contract here" in guest.get("/cart").text
    start = guest.path(guest.post("/withdraw", number=order.number.lower(), email="LENA@example.com"))
    with unit_of_work() as session:
        item = session.scalars(select(OrderItem.id).where(OrderItem.kind == "product")).one()
    assert f"pieces-{item}" in guest.get(start).text
    assert guest.post(start).status_code == 422, "nothing was chosen"
    page = guest.post(start, **{f"pieces-{item}": 1})
    assert "Confirm withdrawal" in page.text
    with unit_of_work() as session:
        assert session.scalars(select(OrderReturn)).all() == []
    fields = hidden(page.text)
    receipt = guest.get(guest.path(guest.post(f"{start}/confirm", **fields)))
    assert "Article A-1" in receipt.text
    assert guest.get(f"{path}/withdrawals/9").status_code == 404
    guest.post(f"{start}/confirm", **{f"pieces-{item}": 2})
    with unit_of_work() as session:
        assert [found.kind for found in session.scalars(select(OrderReturn))] == ["withdrawal"]
        assert session.get_one(OrderItem, (order.store_id, item)).cancelled == 1


def test_unknown_order_and_wrong_address_answer_alike(market: Market, store: RequestContext) -> None:
    bought(market)
    right = {"number": only_order().number, "email": "lena@example.com"}
    for wrong in ({"number": "X"}, {"email": "tom@example.com"}, {"email": "x"}, {"number": ""}):
        answer = browser(market).post("/withdraw", **{**right, **wrong})
        assert (answer.status_code, "We find no order" in answer.text) == (404, True)


def test_guessing_is_slowed_down(market: Market, store: RequestContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_ORDERS_LOOKUP_ATTEMPTS", "3")
    guest = browser(market)
    answers = [guest.post("/withdraw", number="251125-AAAAAA", email=f"a{n}@example.com") for n in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_order_of_the_other_store_is_not_found(market: Market, store: RequestContext) -> None:
    bought(market)
    order = only_order()
    there = browser(market, where=market.other)
    assert there.post("/withdraw", number=order.number, email="lena@example.com").status_code == 404
    with use_context(market.other), unit_of_work() as session:
        assert session.scalars(select(Order)).all() == []
