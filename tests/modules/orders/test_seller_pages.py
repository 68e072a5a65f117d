"""A store says who sells; what waited for it is then issued, and what was issued stays as it is."""

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.models.records import AuditEntry
from orion_core.services.settings import change_setting, explain_settings, get_settings
from orion_core.testing import Market, Outbox
from orion_orders.config import OrdersConfig
from orion_orders.services.register import waiting_ids
from tests.modules.orders.billing import SELLER, documents
from tests.modules.orders.checkouts import placed

TYPED = {
    **SELLER,
    "seller_country": "lu",
    "seller_vat_number": "lu 123 456 13",
    "seller_iban": "lu28 0019 4006 4475 0000",
    "seller_email": "office@example.com",
}


@pytest.fixture
def page(store: RequestContext) -> str:
    return f"/stores/{store.store.code}/invoices/seller"


def client(market: Market, role: str = "manager", language: str = "en") -> TestClient:
    found = market.client(role)
    found.headers["Accept-Language"] = language
    return found


def seller() -> dict[str, Any]:
    with unit_of_work() as session:
        return get_settings(session, OrdersConfig).model_dump()


def test_numbers_are_kept_in_their_compact_form(market: Market, store: RequestContext, page: str) -> None:
    assert client(market).post(page, data=TYPED).status_code == 303
    said = seller()
    assert (said["seller_vat_number"], said["seller_iban"]) == ("LU12345613", "LU280019400644750000")
    assert (said["seller_country"], said["seller_city"]) == ("LU", "Remich")


def test_a_later_seller_does_not_rewrite_what_was_issued(
    market: Market, store: RequestContext, page: str, outbox: Outbox
) -> None:
    team = client(market)
    team.post(page, data=TYPED)
    order_id = placed(market)
    outbox.deliver()
    team.post(page, data={**TYPED, "seller_city": "Wiltz"})
    assert seller()["seller_city"] == "Wiltz"
    assert [each.document["seller"]["city"] for each in documents(order_id)] == ["Remich"]


def test_only_what_changes_is_set_at_the_store_and_written_down(
    market: Market, store: RequestContext, page: str
) -> None:
    with platform_scope("name a merchant in a test") as session:
        change_setting(session, OrdersConfig, "seller_name", SELLER["seller_name"], "merchant")
    team = client(market)
    for city in ("Remich", "Remich", "Wiltz"):
        team.post(page, data={**TYPED, "seller_city": city})
    with unit_of_work() as session:
        entries = select(AuditEntry).where(AuditEntry.action == "orders.change_seller").order_by(AuditEntry.id)
        first, second = session.scalars(entries).all()
        levels = {each.field: each.source for each in explain_settings(session, OrdersConfig)}
    assert (first.changes["seller_vat_number"], "seller_name" in first.changes) == ("LU12345613", False)
    assert second.changes == {"seller_city": "Wiltz"}
    assert (levels["seller_name"], levels["seller_city"]) == ("merchant", "store")


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ({"seller_iban": "LU28 0019 4006 4475 0001"}, "fr", "Ce n'est pas un IBAN"),
        ({"seller_vat_number": "LU12345678"}, "en", "This is not a VAT number"),
        ({"seller_email": "office"}, "en", "This is not an e-mail address"),
        ({"seller_street": ""}, "en", "This field is required"),
    ],
    ids=("iban", "vat_number", "email", "street"),
)
def test_what_cannot_be_is_refused_and_shown_again(
    market: Market, page: str, typed: dict[str, str], language: str, said: str
) -> None:
    before = seller()
    answer = client(market, language=language).post(page, data={**TYPED, **typed})
    text = unescape(answer.text)
    assert (answer.status_code, said in text, "Haff Keramik" in text) == (422, True, True)
    assert seller() == before


def test_numbers_of_sellers_outside_the_eu_are_taken_as_typed(market: Market, store: RequestContext, page: str) -> None:
    abroad = {"seller_country": "CH", "seller_vat_number": "CHE-123.456.788 TVA"}
    assert client(market).post(page, data={**TYPED, **abroad}).status_code == 303
    assert seller()["seller_vat_number"] == "CHE-123.456.788 TVA"


def test_only_who_may_says_who_sells_and_the_other_store_notices_nothing(
    market: Market, store: RequestContext, page: str
) -> None:
    with use_context(market.other):
        before = seller()
    for role in ("staff", "viewer"):
        assert client(market, role).get(page).status_code == 403
        assert client(market, role).post(page, data=TYPED).status_code == 403
    assert client(market, "other_owner").post(page, data=TYPED).status_code in (403, 404)
    assert seller()["seller_street"] == ""
    client(market).post(page, data=TYPED)
    with use_context(market.other):
        assert seller() == before


def test_other_store_sees_nothing_of_what_waits(
    market: Market, store: RequestContext, page: str, outbox: Outbox
) -> None:
    placed(market)
    outbox.deliver()
    waiting = page.replace("/seller", "/waiting")
    assert "the seller's street is missing" in unescape(client(market).get(waiting).text)
    theirs = waiting.replace(store.store.code, market.other.store.code)
    assert "Nothing waits" in client(market, "other_owner").get(theirs).text
    assert client(market, "other_owner").get(waiting).status_code in (403, 404)
    with use_context(market.other), unit_of_work() as session:
        assert waiting_ids(session) == []
