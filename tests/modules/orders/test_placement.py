"""A cart becomes one order, for the total its buyer has seen, or nothing happens."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from orion_catalog.models import Product
from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market, Outbox
from orion_orders.models import Order, OrderItem, Promotion, ShippingMethod
from orion_orders.services.placement import ALPHABET
from tests.modules.orders.checkouts import add_delivery, add_promotion, add_variant, ready, shopper


def count_orders() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def test_cart_becomes_a_confirmed_order(market: Market, store: RequestContext, outbox: Outbox) -> None:
    guest, cart_id, total = ready(market)
    answer = guest.order(cart_id, total)
    assert answer.status_code == 201
    order = answer.json()
    assert (order["status"], order["total_minor"], order["shipping_minor"]) == ("confirmed", 3_090, 590)
    assert [(item["sku"], item["quantity"], item["total_minor"]) for item in order["items"]] == [
        ("A-1", 2, 2_500),
        ("home", 1, 590),
    ]
    assert [event["number"] for event in outbox.published("orders.order_placed.v1")] == [order["number"]]
    assert len(outbox.published("orders.order_confirmed.v1")) == 1
    day, _, rest = order["number"].partition("-")
    assert (len(day), len(rest)) == (6, 8)
    assert set(rest) <= set(ALPHABET)


def test_order_has_its_own_copy_of_the_terms_it_was_placed_under(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    guest.order(cart_id, total)
    with unit_of_work() as session:
        session.scalars(select(ShippingMethod)).one().name = "Other"
        session.scalars(select(Product)).one().title = "Other"
    with unit_of_work() as session:
        order, item = session.scalars(select(Order)).one(), session.scalars(select(OrderItem)).first()
        assert order.shipping["name"] == "Home"
        assert item is not None
        assert item.title == "Article A-1"


def test_total_that_changed_orders_nothing_and_says_the_new_one(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    answer = guest.order(cart_id, total - 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "total_changed")
    assert answer.json()["total_minor"] == total
    assert count_orders() == 0
    assert guest.order(cart_id, total).status_code == 201, "a refusal does not use the key up"


def test_order_lacks_nothing_or_is_refused(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    cart = guest.put_in(add_variant())
    answer = guest.order(cart["id"], guest.quote()["total_minor"], accept_terms=False)
    assert (answer.status_code, answer.json()["code"]) == (422, "cart_incomplete")
    assert set(answer.json()["errors"]) == {"email", "shipping_address", "shipping_method_id", "accept_terms"}


def test_article_off_sale_is_refused(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    with unit_of_work() as session:
        session.scalars(select(Product)).one().status = "archived"
    answer = guest.order(cart_id, total)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_for_sale")


def test_delivery_that_does_not_go_there_is_refused(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    cart = guest.put_in(add_variant())
    guest.check_out(add_delivery(countries=["BE"]))
    answer = guest.order(cart["id"], guest.quote()["total_minor"])
    assert set(answer.json()["errors"]) == {"shipping_method_id"}


def test_promotion_is_taken_off_and_counted(market: Market, store: RequestContext) -> None:
    promotion_id = add_promotion(usage_limit=1)
    guest, cart_id, total = ready(market, promotion_code="moien")
    assert total == 2_500 - 250 + 590
    assert guest.order(cart_id, total).json()["promotion"]["id"] == str(promotion_id)
    with unit_of_work() as session:
        assert session.scalars(select(Promotion.times_used)).one() == 1


def test_code_that_is_used_up_is_refused(market: Market, store: RequestContext) -> None:
    add_promotion(usage_limit=1, times_used=1)
    guest, cart_id, total = ready(market, promotion_code="MOIEN")
    answer = guest.order(cart_id, total)
    assert (answer.status_code, answer.json()["code"]) == (422, "promotion_refused")


def test_fifty_tries_with_one_key_make_one_order(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda _: guest.order(cart_id, total), range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert count_orders() == 1


def test_key_with_another_body_is_refused(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    assert guest.order(cart_id, total).status_code == 201
    answer = guest.order(cart_id, total + 1)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_two_tabs_make_one_order(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda key: guest.order(cart_id, total, key), ("tab-1", "tab-2")))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count_orders() == 1


def test_cart_of_another_guest_cannot_be_ordered(market: Market, store: RequestContext) -> None:
    _, cart_id, total = ready(market)
    answer = shopper(market).order(cart_id, total)
    assert (answer.status_code, answer.json()["code"]) == (404, "cart_not_found")


def test_cart_is_not_there_in_the_other_store(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    there = shopper(market, market.other)
    there.client.headers["X-Cart-Token"] = guest.client.headers["X-Cart-Token"]
    assert there.order(cart_id, total).json()["code"] == "cart_not_found"
    with use_context(market.other):
        assert count_orders() == 0


def test_order_without_a_key_is_refused(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    given = {"cart_id": cart_id, "expected_total_minor": total, "accept_terms": True}
    assert guest.client.post(f"{guest.shop}/orders", json=given).status_code == 422
