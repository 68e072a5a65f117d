"""The whole sale in a browser: a guest buys, staff ship a part, the guest withdraws the rest, an admin follows it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from facturx import get_xml_from_pdf  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from orion_orders.documents.xml import check_schema
from tests.browsing import DESKTOP, PHONE, faults, sign_in
from tests.running import RunningOrion

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SHOP, STORE, API = "/shop/haff-keramik", "/stores/haff-keramik", "/api/v1/stores/haff-keramik"
ADDRESS = {
    "email": "guest@example.com",
    "name": "Nora Klein",
    "line1": "7, rue de la Poste",
    "postal_code": "1234",
    "city": "Luxembourg",
}
Enter = Callable[[str | None], Page]


@pytest.fixture
def enter(browser: Browser, up: RunningOrion, width: int) -> Iterator[Enter]:
    """Return a function that opens a browser of somebody's own; the role names who signs in."""
    contexts: list[BrowserContext] = []

    def somebody(role: str | None) -> Page:
        screen: ViewportSize = {"width": width, "height": 900}
        address = f"http://127.0.0.1:{up.port}"
        context = browser.new_context(viewport=screen, locale="en-GB", base_url=address)
        contexts.append(context)
        page = context.new_page()
        if role:
            sign_in(page, up, role)
        return page

    yield somebody
    for context in contexts:
        context.close()


def in_stock(staff: Page, count: int) -> list[dict[str, Any]]:
    """Return articles of which there is plenty, each of another product."""
    rows = staff.request.get(f"{API}/inventory/stock?limit=100").json()["items"]
    return [row for row in rows if row["available"] >= 5][:count]


def available(staff: Page, variant_id: str) -> int:
    return int(staff.request.get(f"{API}/inventory/stock/{variant_id}").json()["available"])


def buy(guest: Page, articles: list[dict[str, Any]], width: int) -> str:
    """Put two pieces of each article into the cart and order as a guest; return the order's number."""
    for article in articles:
        guest.goto(f"{SHOP}/search?q={article['sku']}&lang=en")
        guest.locator("main a[href*='/products/']").first.click()
        choice = guest.locator("form.buy select[name=variant_id]")
        if choice.count():
            choice.select_option(article["variant_id"])
        guest.locator("form.buy input[name=quantity]").fill("2")
        guest.get_by_role("button", name="Put into the cart").click()
    assert faults(guest, width) == []
    guest.goto(f"{SHOP}/checkout")
    for name, value in ADDRESS.items():
        guest.locator(f"input[name={name}]").fill(value)
    guest.locator("select[name=country]").select_option("LU")
    guest.locator("input[name=shipping_method_id]").first.check()
    assert faults(guest, width) == []
    guest.locator("main form button[type=submit]").last.click()
    guest.locator("input[name=accept_terms]").check()
    assert faults(guest, width) == []
    guest.get_by_role("button", name="Order with obligation to pay").click()
    heading = guest.locator("h1")
    expect(heading).to_contain_text("Order")
    assert faults(guest, width) == []
    return re.sub(r"^Order ", "", heading.inner_text())


def wait_for(page: Page, found: Locator) -> None:
    """Reload a page until the background work has brought what it shall show."""
    for _ in range(120):
        if found.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"it did not come:\n{page.locator('main').inner_text()}")


def document(page: Page, kind: str) -> bytes:
    """Wait for a document on the buyer's page and return its file."""
    link = page.get_by_role("link", name=re.compile(rf"^{kind} \S*\d{{4}}-\d{{6}}$"))
    wait_for(page, link)
    return page.request.get(str(link.get_attribute("href"))).body()


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_sale_from_the_cart_to_the_credit_note(enter: Enter, width: int) -> None:
    guest, staff, admin = enter(None), enter("Manager of"), enter("Platform admin")
    articles = in_stock(staff, 2)
    before = [available(staff, article["variant_id"]) for article in articles]
    number = buy(guest, articles, width)

    # The guest has a confirmation and a valid invoice.
    home = guest.url
    _, cii = get_xml_from_pdf(document(guest, "Invoice"), check_xsd=False)
    assert check_schema(cii) == []
    admin.goto(f"/admin/mail?q={ADDRESS['email']}")
    wait_for(admin, admin.get_by_text(f"Your order {number}"))
    wait_for(admin, admin.get_by_text(re.compile(f"Invoice .* for your order {number}")))

    # Staff ship one piece of the first article.
    staff.goto(f"{STORE}/orders?q={number}")
    staff.locator("a.main-link").first.click()
    assert faults(staff, width) == []
    plan = staff.locator("form[action$='/parcels']")
    pieces = plan.locator("input[name=quantity]")
    for place in range(pieces.count()):
        pieces.nth(place).fill("1" if place == 0 else "0")
    plan.locator("button[type=submit]").click()
    staff.locator("input[name=tracking_code]").fill("RR123LU")
    staff.get_by_role("button", name="Ship", exact=True).click()
    expect(staff.locator("main")).to_contain_text("On its way")

    # The guest follows it and withdraws from the rest.
    guest.reload()
    expect(guest.locator("main")).to_contain_text("RR123LU")
    guest.get_by_role("link", name="Withdraw from contract here").first.click()
    chosen = guest.locator("input[name^=pieces-]")
    chosen.first.fill("1")
    assert faults(guest, width) == []
    guest.get_by_role("button", name="Continue").click()
    guest.get_by_role("button", name="Confirm withdrawal").click()
    assert faults(guest, width) == []

    # A credit note is issued and the stock is free again: one piece is gone.
    guest.goto(home)
    assert document(guest, "Credit note").startswith(b"%PDF")
    after = [available(staff, article["variant_id"]) for article in articles]
    assert [was - now for was, now in zip(before, after, strict=True)] == [1, 0]

    # An admin follows all of it.
    admin.goto(f"/admin/orders?q={number}")
    admin.locator("a.main-link").first.click()
    for text in ("Withdrawal declared", "Parcel 1", "Credit note issued", "Invoice issued"):
        expect(admin.locator("main")).to_contain_text(text)
    assert faults(admin, width) == []
