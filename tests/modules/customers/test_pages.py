"""What account pages and the team's pages say: words instead of codes, the account's menu, questions before removal."""

from collections.abc import Callable

from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_customers.models import Customer
from orion_customers.services.tax_numbers import record_check, set_tax_number

Register = Callable[..., TestClient]
ENGLISH = {"Accept-Language": "en"}
ADDRESS = {"name": "Léa", "line1": "12, rue de la Gare", "city": "Luxembourg", "country": "LU", "phone": "+352 1234"}


def test_the_menu_marks_one_page_and_other_modules_stand_in_it(registered: Register, shop: str) -> None:
    client = registered()
    for path in ("", "/orders", "/profile", "/password", "/addresses", "/addresses/new", "/wishlist", "/privacy"):
        page = client.get(f"{shop}/account{path}", headers=ENGLISH).text
        menu = page[page.index('aria-label="My account"') :].partition("</nav>")[0]
        assert menu.count("aria-current") == 1, path
        assert f'href="{shop}/account/orders"' in menu, path


def test_a_vat_number_says_what_the_register_said(registered: Register, market: Market, shop: str) -> None:
    client = registered()
    with use_context(market.mine), unit_of_work() as session:
        lea = session.scalars(select(Customer)).one()
        number = set_tax_number(session, lea.id, "LU15027442")
        assert number is not None
        record_check(session, number.id, number.value, "invalid", "")
        path = f"/stores/{market.mine.store.code}/customers/{lea.id}"
    for page in (client.get(f"{shop}/account/profile", headers=ENGLISH), market.client("staff").get(f"{path}?lang=en")):
        assert "The register does not know the number" in page.text
        assert "invalid" not in page.text


def test_an_address_is_named_whole_and_removed_after_a_question(registered: Register, shop: str) -> None:
    client = registered()
    assert "New address" in client.get(f"{shop}/account/addresses/new", headers=ENGLISH).text
    client.post(f"{shop}/account/addresses", data=ADDRESS)
    page = client.get(f"{shop}/account/addresses", headers=ENGLISH).text
    assert "+352 1234" in page
    assert 'data-confirm="Remove this address?"' in page


def test_the_team_reads_names_of_languages_and_consents(registered: Register, market: Market, shop: str) -> None:
    client, staff = registered(), market.client("staff")
    client.post(f"{shop}/account/privacy/consents", data={"newsletter": "1"})
    store = f"/stores/{market.mine.store.code}"
    with use_context(market.mine), unit_of_work() as session:
        lea = session.scalars(select(Customer)).one()
    page = staff.get(f"{store}/customers/{lea.id}?lang=en").text
    assert "News and offers, given" in page
    assert {"en": "English", "de": "Deutsch", "fr": "Français", "lb": "Lëtzebuergesch"}[lea.locale] in page


def test_an_empty_list_and_a_search_without_result_say_different_things(market: Market) -> None:
    staff, path = market.client("staff"), f"/stores/{market.mine.store.code}/customers"
    assert "No customers yet" in staff.get(f"{path}?lang=en").text
    assert "No customer is like that" in staff.get(f"{path}?lang=en&q=zzz").text
