"""What customers own of themselves: addresses, VAT number, consents, a copy, erasure. And what staff may do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from orion_catalog.api import find_variants_by_sku
from orion_catalog.schemas import ProductInput
from orion_catalog.services.products import create_product, publish_product
from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.testing import Clock, Market, Outbox, Worker
from orion_customers.api import find_customer_by_email, parse_tax_number
from orion_customers.exceptions import InvalidTaxNumber
from orion_customers.models import Customer
from orion_customers.services.tax_numbers import record_check, set_tax_number
from orion_customers.services.vies import ask_register
from orion_customers.tasks import erase_due

Register = Callable[..., TestClient]
LEA = "lea@example.org"
BOWL = {"title": "Bowl", "description": "Round.", "variants": [{"sku": "BOWL", "price_minor": 1250}]}
ADDRESS = {
    "name": "Léa Weber",
    "line1": "12, rue de la Gare",
    "postal_code": "1611",
    "city": "Luxembourg",
    "country": "LU",
}


def bearer(client: TestClient) -> dict[str, str]:
    """The API takes the session's token as a header; the cookie is the shop's pages' own."""
    return {"Authorization": f"Bearer {client.cookies['orion_customer']}"}


def person(market: Market, email: str = LEA) -> Customer:
    with use_context(market.mine), unit_of_work() as session:
        return session.scalars(select(Customer).where(Customer.email == email)).one()


def test_the_first_address_is_the_default_and_there_is_one_default_only(registered: Register, shop: str) -> None:
    client = registered()
    client.post(f"{shop}/account/addresses", data=ADDRESS)
    client.post(f"{shop}/account/addresses", data={**ADDRESS, "city": "Esch", "is_default_shipping": "1"})
    found = client.get(f"/api/v1{shop}/account/addresses", headers=bearer(client)).json()
    assert [(each["address"]["city"], each["is_default_shipping"], each["is_default_billing"]) for each in found] == [
        ("Esch", True, False),
        ("Luxembourg", False, True),
    ]


def test_a_wrong_address_is_shown_again_with_what_was_typed(registered: Register, shop: str) -> None:
    page = registered().post(f"{shop}/account/addresses", data={**ADDRESS, "country": "Luxembourg"})
    assert page.status_code == 422
    assert "12, rue de la Gare" in page.text


@pytest.mark.parametrize("typed", ["LU15027442", "lu 150 274 42", "DE136695976", "FR40303265045"])
def test_a_vat_number_is_checked_offline(typed: str) -> None:
    assert parse_tax_number(typed).status == "unchecked"


@pytest.mark.parametrize("typed", ["LU15027443", "15027442", "XX1", ""])
def test_what_cannot_be_a_vat_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidTaxNumber):
        parse_tax_number(typed)


def test_no_answer_from_the_register_is_not_a_yes(registered: Register, market: Market) -> None:
    registered()
    assert ask_register("http://127.0.0.1:9/", "LU15027442").status == "unavailable"
    lea = person(market)
    with use_context(market.mine), unit_of_work() as session:
        number = set_tax_number(session, lea.id, "LU15027442")
        assert number is not None
        record_check(session, number.id, number.value, "unavailable", "")
        ref = find_customer_by_email(session, LEA)
        assert ref is not None
        assert ref.tax_number is not None
        assert ref.tax_number.status == "unavailable"
        record_check(session, number.id, number.value, "valid", "WAPI1")
        record_check(session, number.id, number.value, "unavailable", "")
        assert number.status == "valid"
        record_check(session, number.id, "LU26375245", "invalid", "")
        assert number.status == "valid", "an answer about another number changes nothing"


def test_consents_are_kept_step_by_step(registered: Register, shop: str, market: Market) -> None:
    client = registered()
    for form in ({"newsletter": "1"}, {"newsletter": "1"}, {}):
        client.post(f"{shop}/account/privacy/consents", data=form)
    data = client.post(f"{shop}/account/privacy/export").json()["customers"]
    assert [step["given"] for step in data["consents"]] == [True, False]


def test_an_erasure_waits_and_then_leaves_no_trace(
    registered: Register, market: Market, worker: Worker, clock: Clock, outbox: Outbox
) -> None:
    client, shop = registered(), f"/shop/{market.mine.store.code}"
    client.post(f"{shop}/account/addresses", data=ADDRESS)
    client.post(f"{shop}/account/privacy/erase")
    with use_context(NOWHERE):
        worker.run(erase_due)
    assert person(market).erased_at is None
    clock.advance(timedelta(days=8))
    with use_context(NOWHERE):
        worker.run(erase_due)
        worker.run(erase_due)
    assert len(outbox.published("customers.customer_erased.v1")) == 1
    assert client.get(f"{shop}/account").status_code == 401
    assert tables_that_know(LEA) == []


def tables_that_know(needle: str) -> list[str]:
    """Return the tables of this module in which a text still stands, anywhere in a row."""
    with use_context(NOWHERE), platform_scope("look for traces") as session:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'customers'")).all()
        count = "SELECT count(*) FROM customers.{} t WHERE t::text ILIKE :needle"
        return [
            name
            for name in tables
            if name != "alembic_version" and session.scalar(text(count.format(name)), {"needle": f"%{needle}%"})
        ]


def test_a_trace_would_be_found(registered: Register, market: Market) -> None:
    registered()
    assert tables_that_know(LEA) == ["customers"]


def test_an_erasure_can_be_taken_back(registered: Register, shop: str) -> None:
    client = registered()
    client.post(f"{shop}/account/privacy/erase")
    assert client.post(f"{shop}/account/privacy/erase/cancel").status_code == 303
    assert client.post(f"{shop}/account/privacy/erase/cancel").status_code == 404


def test_staff_finds_changes_and_blocks_a_customer(registered: Register, market: Market, shop: str) -> None:
    client, staff = registered(), market.client("staff")
    base = f"/stores/{market.mine.store.code}/customers"
    assert LEA in staff.get(f"{base}?q=lea").text
    lea = person(market)
    staff.post(f"{base}/groups", data={"code": "regulars", "name": "Regulars"})
    form = {"name": "Léa W.", "groups": ["regulars"], "version": str(lea.version)}
    assert staff.post(f"{base}/{lea.id}", data=form).status_code == 303
    assert staff.post(f"{base}/{lea.id}", data=form).status_code == 412
    assert "Léa W." in staff.get(f"{base}?group=regulars").text
    staff.post(f"{base}/{lea.id}/block")
    assert client.get(f"{shop}/account").status_code == 401
    assert market.client("viewer").post(f"{base}/{lea.id}/unblock").status_code == 403
    assert staff.get(f"{base}/{lea.id}/erase").status_code == 403


def test_another_store_sees_nothing(registered: Register, market: Market) -> None:
    registered()
    lea, other = person(market), market.client("other_owner")
    base = f"stores/{market.other.store.code}/customers"
    assert LEA not in other.get(f"/{base}").text
    assert other.get(f"/{base}/{lea.id}").status_code == 404
    assert other.get(f"/api/v1/{base}/{lea.id}").status_code == 404
    assert other.get(f"/stores/{market.mine.store.code}/customers").status_code in (303, 403)


def test_wishes_are_kept_once_each(registered: Register, market: Market, shop: str) -> None:
    client = registered()
    with use_context(market.mine), unit_of_work() as session:
        made = create_product(session, ProductInput.model_validate(BOWL))
        publish_product(session, made.id)
        session.flush()
        variant_id = str(find_variants_by_sku(session, ["BOWL"])["BOWL"].variant_id)
    for _ in range(2):
        client.post(f"{shop}/account/wishlist", data={"variant_id": variant_id})
    assert [wish["title"] for wish in client.get(f"/api/v1{shop}/account/wishlist", headers=bearer(client)).json()] == [
        "Bowl"
    ]
    client.delete(f"/api/v1{shop}/account/wishlist/{variant_id}", headers=bearer(client))
    assert client.get(f"/api/v1{shop}/account/wishlist", headers=bearer(client)).json() == []
    assert client.post(f"{shop}/account/wishlist", data={"variant_id": str(person(market).id)}).status_code == 404
