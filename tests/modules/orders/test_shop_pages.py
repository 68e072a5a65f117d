"""A shopper buys by forms alone: cart, checkout, one order, and nothing typed is lost."""

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from orion_catalog.models import Product, Variant
from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.models import Order, ShippingMethod
from tests.modules.inventory.shelves import add_variant as add_stocked
from tests.modules.orders.checkouts import add_delivery, add_promotion, add_variant
from tests.modules.orders.forms import at_review, bought, browser


def count_orders() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def test_product_page_sells_and_the_header_counts(market: Market, store: RequestContext) -> None:
    guest, mug = browser(market), add_variant()
    page = guest.get("/products/article-a-1").text
    assert f'name="variant_id" value="{mug}"' in page
    assert "tool-count" not in page
    assert guest.path(guest.put_in(mug, 3)) == "/cart"
    assert '<span class="tool-count">3</span>' in guest.get("/products/article-a-1").text
    assert "tool-count" not in browser(market).get("/cart").text, "another guest's header counts nothing"


def test_product_page_says_what_is_left_and_sells_out(market: Market, store: RequestContext) -> None:
    add_stocked("A-1", {"main": 3})
    add_stocked("B-1", {"main": 0})
    assert "3 left" in browser(market).get("/products/article-a-1").text
    assert re.search(
        r'<button class="btn btn-primary" type="submit" disabled>', browser(market).get("/products/article-b-1").text
    )


def test_cart_changes_and_empties(market: Market, store: RequestContext) -> None:
    guest, mug = browser(market), add_variant()
    assert "Your cart is empty" in guest.get("/cart").text
    guest.put_in(mug, 2)
    assert "€25.00" in guest.get("/cart").text
    guest.post(f"/cart/lines/{mug}", quantity=3)
    assert "€37.50" in guest.get("/cart").text
    guest.post(f"/cart/lines/{mug}", quantity=3, remove=1)
    assert "Your cart is empty" in guest.get("/cart").text


def test_article_that_is_gone_is_shown_and_can_be_removed(market: Market, store: RequestContext) -> None:
    guest, mug = browser(market), add_variant()
    guest.put_in(mug)
    with unit_of_work() as session:
        session.scalars(select(Product)).one().status = "archived"
    page = guest.get("/cart").text
    assert "No longer sold" in page
    assert f'href="{guest.shop}/checkout"' not in page
    guest.post(f"/cart/lines/{mug}", remove=1)
    assert "Your cart is empty" in guest.get("/cart").text


def test_code_is_taken_off_the_total_or_refused_at_its_field(market: Market, store: RequestContext) -> None:
    add_promotion()
    guest = browser(market)
    guest.put_in(add_variant(), 2)
    assert guest.path(guest.post("/cart", code="moien")) == "/cart"
    assert "-€2.50" in guest.get("/cart").text
    guest.post("/cart", code="")
    refused = guest.post("/cart?lang=fr", code="nope")
    assert refused.status_code == 422
    assert "Ce code n&#39;existe pas" in refused.text
    assert 'value="nope"' in refused.text


def test_guest_buys(market: Market, store: RequestContext) -> None:
    guest, path = bought(market)
    page = guest.get(path).text
    with unit_of_work() as session:
        order = session.scalars(select(Order)).one()
        assert (order.email, order.total_minor, order.status) == ("lena@example.com", 3_090, "confirmed")
    for fact in (order.number, "€30.90", "includes VAT 17 %", "12, rue du Fossé"):
        assert fact in page
    assert "tool-count" not in page


def test_every_mistake_stands_at_its_field_and_what_was_typed_stays(market: Market, store: RequestContext) -> None:
    guest, method = browser(market), add_delivery()
    guest.put_in(add_variant())
    wrong = {"email": "nobody", "line1": "", "tax_number": "LU1", "billing_name": "Tom", "note": "Ring twice"}
    answer = guest.check_out(method, **wrong)
    assert answer.status_code == 422
    for field in ("email", "line1", "billing_line1", "billing_city", "billing_country"):
        assert f'id="{field}-field-error"' in answer.text
    for typed in ("nobody", "Tom", "Ring twice", "Luxembourg"):
        assert typed in answer.text
    assert count_orders() == 0
    answer = guest.check_out(method, tax_number="LU1")
    assert 'id="tax_number-field-error"' in answer.text


def test_delivery_that_does_not_go_there_is_refused_at_its_field(market: Market, store: RequestContext) -> None:
    guest = browser(market)
    guest.put_in(add_variant())
    add_delivery("home")
    answer = guest.check_out(add_delivery("far", countries=["BE"]))
    assert (answer.status_code, 'id="shipping_method_id-error"' in answer.text) == (422, True)


def test_button_says_what_the_law_asks_in_each_language(market: Market, store: RequestContext) -> None:
    guest, _ = at_review(market)
    for language, words in {
        "fr": "Commande avec obligation de paiement",
        "de": "Zahlungspflichtig bestellen",
        "lb": "Bestelle mat Verflichtung ze bezuelen",
    }.items():
        assert words in guest.get(f"/checkout/review?lang={language}").text


def test_terms_have_to_be_accepted(market: Market, store: RequestContext) -> None:
    guest, _ = at_review(market)
    answer = guest.post("/checkout/review", **guest.review())
    assert (answer.status_code, 'id="accept_terms-field-error"' in answer.text) == (422, True)
    assert count_orders() == 0


def test_double_click_two_tabs_and_back_lead_to_one_order(market: Market, store: RequestContext) -> None:
    guest, _ = at_review(market)
    tabs = [guest.review(), guest.review()]
    assert tabs[0]["key"] != tabs[1]["key"]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(guest.order, [tabs[0], tabs[0], tabs[1], tabs[1]]))
    pages = {guest.get(guest.path(answer)).status_code for answer in answers}
    assert (pages, count_orders()) == ({200}, 1)
    assert guest.path(guest.get("/checkout/review")).startswith("/orders/")
    assert guest.path(guest.get("/checkout")).startswith("/orders/")


def test_changed_total_is_shown_and_asked_again(market: Market, store: RequestContext) -> None:
    guest, _ = at_review(market)
    fields = guest.review()
    with unit_of_work() as session:
        session.scalars(select(ShippingMethod)).one().price_minor = 790
    answer = guest.order(fields)
    assert answer.status_code == 409
    assert "from €30.90 to €32.90" in answer.text
    assert count_orders() == 0
    assert guest.path(guest.order(guest.review())).startswith("/orders/")


def test_short_stock_is_said_and_nothing_typed_is_lost(market: Market, store: RequestContext) -> None:
    guest, mug, method = browser(market), add_stocked("A-1", {"main": 2}), add_delivery()
    guest.put_in(mug, 3)
    assert "There are only 2 left." in guest.get("/cart").text
    answer = guest.check_out(method, note="Ring twice")
    assert answer.status_code == 409
    for fact in ("Article A-1", "There are only 2 left.", "Ring twice"):
        assert fact in answer.text
    guest.post(f"/cart/lines/{mug}", quantity=2)
    assert "Ring twice" in guest.get("/checkout").text
    fields = guest.review()
    guest.post(f"/cart/lines/{mug}", quantity=3)
    answer = guest.order({**fields, "expected_total_minor": guest.review()["expected_total_minor"]})
    assert (answer.status_code, "There are only 2 left." in answer.text, count_orders()) == (409, True, 0)
    guest.post(f"/cart/lines/{mug}", quantity=2)
    assert guest.path(guest.order(guest.review())).startswith("/orders/")


def test_other_store_has_neither_the_cart_nor_the_order(market: Market, store: RequestContext) -> None:
    guest, path = bought(market)
    there = browser(market, guest.client, market.other)
    assert there.get(path).status_code == 404
    assert guest.get("/orders/forged").status_code == 404
    assert there.post(f"{path}/cancel").status_code == 404
    assert "Your cart is empty" in there.get("/cart").text


def test_other_stores_article_does_not_get_into_the_cart(market: Market, store: RequestContext) -> None:
    mug = add_variant()
    there = browser(market, where=market.other)
    there.put_in(mug)
    assert "Your cart is empty" in there.get("/cart").text
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Variant)) == 1
