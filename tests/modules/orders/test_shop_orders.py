"""A buyer follows an order by its link, cancels, orders again, and withdraws without signing in."""

from uuid import UUID

import pytest
from sqlalchemy import select

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_customers.models import Customer
from orion_customers.services.sessions import open_session
from orion_orders.models import Fulfilment, Order
from tests.modules.orders.checkouts import add_delivery, add_variant
from tests.modules.orders.forms import TYPED, Browser, bought, browser


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
    lea.put_in(add_variant("B-1"))
    page = lea.get("/checkout").text
    assert 'type="radio" name="address"' in page
    assert "12, rue du Fossé" in page
    assert browser(market).get("/account/orders").status_code == 401
