"""A cart belongs to whoever holds its token, and says what is wrong with it."""

from uuid import uuid4

from sqlalchemy import select

from orion_catalog.models import Product
from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.models import Cart
from tests.modules.orders.checkouts import ADDRESS, add_delivery, add_promotion, add_variant, ready, shopper


def test_the_same_article_twice_is_one_line(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant()
    guest.put_in(mug, 2)
    lines = guest.put_in(mug, 3)["lines"]
    assert [(line["sku"], line["quantity"]) for line in lines] == [("A-1", 5)]


def test_no_line_has_more_pieces_than_a_cart_takes(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant()
    guest.put_in(mug, 9_999)
    assert guest.put_in(mug, 9_999)["lines"][0]["quantity"] == 9_999


def test_token_is_told_once_and_only_its_hash_is_kept(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant()
    first, second = guest.put_in(mug), guest.put_in(mug)
    assert first["token"]
    assert second["token"] is None
    with unit_of_work() as session:
        assert first["token"].encode() not in (session.scalars(select(Cart)).one().token_hash or b"")


def test_browser_finds_its_cart_by_a_cookie_that_scripts_cannot_read(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant()
    answer = guest.client.post(f"{guest.shop}/cart/lines", json={"variant_id": str(mug)})
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert guest.client.get(f"{guest.shop}/cart").json()["id"] == answer.json()["id"]


def test_quantity_nought_takes_a_line_out(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant()
    guest.put_in(mug, 2)
    path = f"{guest.shop}/cart/lines/{mug}"
    assert guest.client.put(path, json={"quantity": 7}).json()["lines"][0]["quantity"] == 7
    assert guest.client.put(path, json={"quantity": 0}).json()["lines"] == []
    assert guest.quote()["problems"]["lines"] == "the cart is empty"


def test_what_is_not_on_sale_cannot_be_put_in(market: Market, store: RequestContext) -> None:
    guest, mug = shopper(market), add_variant(active=False)
    answer = guest.client.post(f"{guest.shop}/cart/lines", json={"variant_id": str(mug)})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_for_sale")
    unknown = guest.client.post(f"{guest.shop}/cart/lines", json={"variant_id": str(uuid4())})
    assert unknown.status_code == 404


def test_article_that_went_off_sale_stays_visible_and_is_not_priced(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    guest.put_in(add_variant())
    with unit_of_work() as session:
        session.scalars(select(Product)).one().status = "archived"
    assert [line["is_on_sale"] for line in guest.client.get(f"{guest.shop}/cart").json()["lines"]] == [False]
    quote = guest.quote()
    assert quote["total_minor"] == 0
    assert "not on sale" in quote["problems"]["lines"]


def test_quote_lists_only_ways_that_go_there_and_delivery_gets_free(market: Market, store: RequestContext) -> None:
    add_delivery("belgium", countries=["BE"])
    guest, _, total = ready(market, quantity=1)
    assert total == 1_250 + 590
    assert [way["code"] for way in guest.quote()["deliveries"]] == ["home"]
    add_delivery("free", free_from_minor=1_250, position=2)
    assert [(way["code"], way["price_minor"]) for way in guest.quote()["deliveries"]] == [("home", 590), ("free", 0)]


def test_code_that_does_not_apply_is_a_problem_and_changes_no_price(market: Market, store: RequestContext) -> None:
    add_promotion(min_goods_minor=100_000)
    guest, _, total = ready(market, promotion_code="moien")
    assert guest.quote()["problems"] == {"promotion_code": "the goods are not worth enough for this code"}
    assert total == 2_500 + 590


def test_wrong_tax_number_is_refused(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    guest.put_in(add_variant())
    answer = guest.check_out(add_delivery(), tax_number="LU12345678")
    assert answer.status_code == 422


def test_tax_number_nobody_checked_does_not_take_the_tax_off(market: Market, store: RequestContext) -> None:
    _, _, total = ready(market, tax_number="FR 40 303 265 045", shipping_address={**ADDRESS, "country": "FR"})
    assert total == 2_500 + 590


def test_unknown_way_of_delivery_is_refused(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    guest.put_in(add_variant())
    answer = guest.check_out(uuid4())
    assert (answer.status_code, answer.json()["code"]) == (404, "record_not_found")


def test_cart_of_another_guest_is_not_found(market: Market, store: RequestContext) -> None:
    ready(market)
    stranger = shopper(market)
    assert stranger.client.get(f"{stranger.shop}/cart").status_code == 404


def test_ordered_cart_makes_room_for_a_new_one(market: Market, store: RequestContext) -> None:
    guest, cart_id, total = ready(market)
    guest.order(cart_id, total)
    assert guest.client.get(f"{guest.shop}/cart").status_code == 404
    assert guest.put_in(add_variant("A-2"))["id"] != cart_id
