"""A team works on orders by forms: ships in parts, takes back, refunds, edits, drafts; and reads the register."""

import re
from typing import Any

import pytest

from orion_core.context import RequestContext
from orion_core.testing import Market, Outbox, Worker
from tests.modules.inventory.shelves import add_variant, counters
from tests.modules.orders.billing import SELLER, complete_seller
from tests.modules.orders.checkouts import ADDRESS, add_delivery
from tests.modules.orders.team import Desk, desk


class Pages:
    """The pages of a store for one member of its team."""

    def __init__(self, team: Desk) -> None:
        self.team = team
        self.store = team.store.replace("/api/v1", "")
        self.team.client.headers["Accept-Language"] = "en"

    def get(self, path: str) -> str:
        page = self.team.client.get(f"{self.store}{path}")
        assert page.status_code == 200, page.text
        return str(page.text)

    def post(self, path: str, **fields: Any) -> str:
        """Submit a form and return where it leads."""
        answer = self.team.client.post(f"{self.store}{path}", data=fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).removeprefix(self.store)

    @property
    def order(self) -> str:
        return f"/orders/{self.team.order_id}"

    def choose(self, pieces: int) -> dict[str, Any]:
        return {"item_id": self.team.item_id, "quantity": str(pieces)}


@pytest.fixture
def pages(market: Market, store: RequestContext) -> Pages:
    return Pages(desk(market))


def test_list_finds_orders_and_leads_to_them(pages: Pages) -> None:
    number = pages.team.get()["number"]
    assert number in pages.get("/orders")
    assert number in pages.get(f"/orders?q={number.lower()}&status=confirmed")
    assert "No order is like that" in pages.get("/orders?status=cancelled")
    assert number in pages.get(pages.order)


def test_order_is_shipped_in_parts_by_forms(pages: Pages) -> None:
    assert pages.team.get()["number"] in pages.get("/fulfilment")
    pages.post(f"{pages.order}/parcels", **pages.choose(1))
    parcel = pages.team.get("/fulfilments")[0]["id"]
    assert "Being picked" not in pages.get("/fulfilment")
    pages.post(f"/parcels/{parcel}/steps", target="picking")
    assert "Being picked" in pages.get("/fulfilment")
    assert "A-1" in pages.get(f"/parcels/{parcel}/slip")
    pages.post(f"/parcels/{parcel}/steps", target="shipped", tracking_code="RR7LU", carrier="POST")
    assert "RR7LU" in pages.get(pages.order)
    assert re.search(r"<strong>3</strong>.*A-1", pages.get("/fulfilment/pick-list"), re.S)
    assert "credited to the buyer" in pages.get(f"/parcels/{parcel}/give-up?target=lost")
    assert pages.team.item()["shipped"] == 1


def test_refused_form_says_why_and_changes_nothing(pages: Pages) -> None:
    assert pages.post(f"{pages.order}/parcels", **pages.choose(9)) == pages.order
    assert "That many pieces are not left" in pages.get(pages.order)
    pages.post(f"{pages.order}/parcels", item_id=pages.team.item_id, quantity="two")
    assert "Write a whole number of pieces" in pages.get(pages.order)
    pages.post(f"{pages.order}/payments", amount="free")
    assert "Write an amount such as 12.50" in pages.get(pages.order)
    assert (pages.team.get("/fulfilments"), pages.team.get("/payments")) == ([], [])


def test_withdrawn_goods_are_counted_and_refunded_by_forms(pages: Pages) -> None:
    pages.team.ship(4)
    pages.post(f"{pages.order}/payments", amount="55,90", method="transfer")
    leads = pages.post(f"{pages.order}/returns", kind="withdrawal", **pages.choose(4))
    assert "Received as counted" in pages.get(leads)
    pages.post(f"{leads}/receive", condition="damaged", **pages.choose(4))
    assert "Give €55.90 back" in pages.get(leads)
    pages.post(f"{leads}/refund", method="transfer", reference="SEPA 9")
    assert "Refunded" in pages.get(leads)
    assert pages.team.get()["number"] in pages.get("/returns?status=refunded")
    assert (pages.team.get()["payment_status"], counters(pages.team.variant_id)) == ("refunded", {"main": (6, 0, 4)})


def test_edit_shows_its_effect_before_anything_changes(pages: Pages) -> None:
    add_variant("B-1", {"main": 5}, price_minor=900)
    leads = pages.post(f"{pages.order}/edit", sku=["B-1", ""], add=["2", ""], **pages.choose(1))
    assert "€5.50" in pages.get(leads)
    assert pages.team.get()["total_minor"] == 5_590
    assert "A change waits to be applied" in pages.get(pages.order)
    assert pages.post(f"{leads}/apply") == pages.order
    assert pages.team.get()["due_minor"] == 6_140
    assert pages.post(f"{pages.order}/edit", sku="NONE", add="1") == f"{pages.order}/edit"
    assert "There is no article with this number" in pages.get(f"{pages.order}/edit")


def test_order_by_telephone_is_drafted_and_placed(pages: Pages) -> None:
    method = add_delivery("bike")
    given = {**ADDRESS, "email": "max@example.com", "shipping_method_id": str(method), "sku": "A-1", "add": "2"}
    assert "Write down the draft" in pages.get("/orders/new")
    wrong = pages.team.client.post(f"{pages.store}/orders/new", data={**given, "country": "Luxembourg", "sku": "A-1"})
    assert (wrong.status_code, "max@example.com" in wrong.text) == (422, True)
    leads = pages.post("/orders/new", **given)
    assert "Place the order" in pages.get(leads)
    pages.post(f"{leads}/place")
    assert "The order is placed" in pages.get(leads)
    assert counters(pages.team.variant_id) == {"main": (10, 6, 0)}


def test_cancelling_asks_first_and_for_the_reason(pages: Pages) -> None:
    assert "its stock is free again" in pages.get(f"{pages.order}/cancel")
    pages.post(f"{pages.order}/cancel", reason="")
    assert pages.team.get()["status"] == "confirmed"
    pages.post(f"{pages.order}/cancel", reason="fraud")
    assert "Fraud is suspected" in pages.get(pages.order)


def test_register_says_what_waits_and_then_lists_it(
    market: Market, store: RequestContext, pages: Pages, outbox: Outbox, worker: Worker
) -> None:
    outbox.deliver()
    page = pages.get("/invoices")
    assert "One order waits for its invoice." in page
    assert "the seller&#39;s street is missing" in page
    complete_seller(store)
    pages.post("/invoices/issue")
    worker.run_all()
    page = pages.get("/invoices")
    link = re.search(r'href="([^"]*/invoices/[^"]*/pdf)"', page)
    assert link
    assert "€55.90 in all" in page
    assert pages.team.client.get(link[1]).content.startswith(b"%PDF")
    assert "No document is like that" in pages.get("/invoices?kind=credit_note")
    listed = pages.team.client.get(f"{pages.team.store}/invoices").json()["items"]
    assert [(each["kind"], each["total_minor"]) for each in listed] == [("invoice", 5_590)]


def test_notes_are_for_the_team_alone(market: Market, pages: Pages) -> None:
    pages.post(f"{pages.order}/notes", note="Call before delivery")
    assert "Call before delivery" in pages.get(pages.order)
    event = pages.team.get()["timeline"][-1]
    assert (event["kind"], event["is_public"]) == ("note", False)


def test_admin_finds_an_order_of_any_store(market: Market, pages: Pages) -> None:
    admin, number = market.client("admin"), pages.team.get()["number"]
    admin.headers["Accept-Language"] = "en"
    found = admin.get(f"/admin/orders?q={number}")
    assert number in found.text
    assert number in admin.get(f"/admin/orders/{pages.team.order_id}").text
    assert "lena@example.com" in admin.get("/admin/orders?q=Lena@example.com").text
    assert pages.team.client.get("/admin/orders").status_code in (401, 403)


def test_other_stores_team_sees_nothing_and_readers_change_nothing(market: Market, pages: Pages) -> None:
    other, viewer = market.client("other_owner"), market.client("viewer")
    path = f"/stores/{market.other.store.code}"
    for page in (pages.order, f"{pages.order}/edit", f"{pages.order}/cancel"):
        assert other.get(f"{path}{page}").status_code == 404
    assert "No orders yet" in other.get(f"{path}/orders", headers={"Accept-Language": "en"}).text
    assert viewer.get(f"{pages.store}{pages.order}").status_code == 200
    assert viewer.post(f"{pages.store}{pages.order}/parcels", data=pages.choose(1)).status_code == 403


def test_store_says_who_sells_and_what_waited_is_issued(
    market: Market, pages: Pages, outbox: Outbox, worker: Worker
) -> None:
    outbox.deliver()
    assert "One order waits for its invoice." in pages.get("/invoices")
    wrong = {**SELLER, "seller_vat_number": "LU12345678"}
    refused = pages.team.client.post(f"{pages.store}/invoices/seller", data=wrong)
    assert (refused.status_code, "1, rue du Port" in refused.text) == (422, True)
    assert pages.post("/invoices/seller", **{**SELLER, "seller_vat_number": "lu 123 456 13"}) == "/invoices"
    worker.run_all()
    assert "-000001" in pages.get("/invoices")
    assert 'value="LU12345613"' in pages.get("/invoices/seller")
    assert market.client("viewer").get(f"{pages.store}/invoices/seller").status_code == 403


def test_an_order_is_called_off_in_orders_own_words(pages: Pages) -> None:
    page = pages.get("/orders?lang=de")
    assert ">Storniert<" in page
    assert "Abgebrochen" not in page, "what core calls a task that was stopped"
