"""Every kind of page in a real Chromium: accessible, within its policy, fitting desktop and phone."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect

from tests.browsing import DESKTOP, PHONE, faults, sign_in
from tests.running import ORION, RunningOrion, clean_environment

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDTHS = {"desktop": DESKTOP, "phone": PHONE}
IMAGES = os.environ.get("ORION_SCREENSHOTS", "")
"""Folder for the pictures of the documentation; none are made if it is empty."""

SHOP, STORE, MERCHANT = "/shop/haff-keramik", "/stores/haff-keramik", "/merchants/atelier-haff"
PAGES = {
    "front": (None, "/"),
    "login": (None, "/login"),
    "shop": (None, f"{SHOP}/?lang=en"),
    "shop-search": (None, f"{SHOP}/search?q=bowl&lang=en"),
    "shop-nothing-found": (None, f"{SHOP}/search?q=zzzzzz&lang=en"),
    "not-found": (None, f"{SHOP}/products/nothing-here"),
    "admin": ("Platform admin", "/admin/"),
    "admin-platforms": ("Platform admin", "/admin/platforms"),
    "admin-merchants": ("Platform admin", "/admin/merchants"),
    "admin-stores": ("Platform admin", "/admin/stores"),
    "admin-users": ("Platform admin", "/admin/users"),
    "admin-modules": ("Platform admin", "/admin/modules"),
    "admin-background": ("Platform admin", "/admin/background"),
    "admin-runs": ("Platform admin", "/admin/background/runs"),
    "admin-events": ("Platform admin", "/admin/background/events"),
    "admin-schedule": ("Platform admin", "/admin/background/schedule"),
    "merchant": ("Owner of Atelier Haff", f"{MERCHANT}/"),
    "store": ("Manager of", f"{STORE}/"),
    "store-team": ("Manager of", f"{STORE}/team"),
    "store-products": ("Manager of", f"{STORE}/products"),
    "store-new-product": ("Manager of", f"{STORE}/products/new"),
    "store-categories": ("Manager of", f"{STORE}/categories"),
    "store-import": ("Manager of", f"{STORE}/imports"),
    "store-orders": ("Manager of", f"{STORE}/orders"),
    "store-new-order": ("Manager of", f"{STORE}/orders/new"),
    "store-fulfilment": ("Manager of", f"{STORE}/fulfilment"),
    "store-returns": ("Manager of", f"{STORE}/returns"),
    "store-invoices": ("Manager of", f"{STORE}/invoices"),
    "store-waiting-invoices": ("Manager of", f"{STORE}/invoices/waiting"),
    "store-seller": ("Manager of", f"{STORE}/invoices/seller"),
    "shop-cart": (None, f"{SHOP}/cart?lang=en"),
    "shop-withdraw": (None, f"{SHOP}/withdraw?lang=en"),
    "shop-login": (None, f"{SHOP}/account/login?lang=en"),
    "shop-register": (None, f"{SHOP}/account/register?lang=en"),
    "shop-forgot": (None, f"{SHOP}/account/forgot?lang=de"),
    "store-customers": ("Manager of", f"{STORE}/customers"),
    "store-customer-groups": ("Manager of", f"{STORE}/customers/groups"),
    "admin-customers": ("Platform admin", "/admin/customers?q=shopper@haff-keramik.example"),
    "admin-orders": ("Platform admin", "/admin/orders"),
    "admin-mail": ("Platform admin", "/admin/mail"),
}
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in() -> dict[str, StorageState]:
    """Return the cookies of everybody who has signed in so far, by role: once is enough for all pages."""
    return {}


@pytest.fixture
def visit(browser: Browser, up: RunningOrion, signed_in: dict[str, StorageState]) -> Iterator[Visit]:
    """Return a function that opens a page as somebody; any complaint of the browser fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(role: str | None, path: str, width: int = DESKTOP) -> Page:
        screen: ViewportSize = {"width": width, "height": 844}
        known = signed_in.get(role or "")
        context = browser.new_context(viewport=screen, locale="en-GB", storage_state=known)
        contexts.append(context)
        page = context.new_page()
        if role and known is None:
            sign_in(page, up, role)
            signed_in[role] = context.storage_state()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{up.port}{path}", wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Chromium reports the status of a page that was asked for and is not there.
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits_the_screen(visit: Visit, name: str, screen: str) -> None:
    role, path = PAGES[name]
    page = visit(role, path, WIDTHS[screen])
    assert faults(page, WIDTHS[screen]) == []
    if IMAGES:
        page.screenshot(path=Path(IMAGES) / f"{name}-{screen}.png")


@pytest.mark.parametrize("screen", WIDTHS)
def test_a_shopper_finds_a_product_and_reads_it_in_french(visit: Visit, screen: str) -> None:
    page = visit(None, f"{SHOP}/?lang=en", WIDTHS[screen])
    page.locator("main a[href*='/products/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "€" in page.locator("main").inner_text()
    assert faults(page, WIDTHS[screen]) == []
    if IMAGES:
        page.screenshot(path=Path(IMAGES) / f"shop-product-{screen}.png")
    english = page.locator("h1").inner_text()
    page.goto(f"{page.url.partition('?')[0]}?lang=fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.locator("h1").inner_text() != english


@pytest.mark.parametrize("screen", WIDTHS)
def test_an_admin_runs_an_entry_of_the_schedule_and_looks_at_the_run(visit: Visit, screen: str) -> None:
    page = visit("Platform admin", "/admin/background/schedule", WIDTHS[screen])
    entry = page.locator("tr", has_text="core.forget_old_records")
    entry.get_by_role("button", name="Run now").click()
    expect(page.locator("h1")).to_have_text("core.forget_old_records")
    assert faults(page, WIDTHS[screen]) == []
    expect(page.locator(".progress-label")).to_contain_text("Succeeded", timeout=20_000)
    page.goto(f"{page.url.partition('/background')[0]}/background/events")
    page.locator("tbody .main-link").first.click()
    expect(page.locator("main")).to_contain_text("Payload")
    assert faults(page, WIDTHS[screen]) == []


def test_staff_import_a_feed_and_see_what_was_wrong_with_it(visit: Visit, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,price\nE2E-1,Paper lantern,4.95\nE2E-2,,3.00\nE2E-3,Tin whistle,soon\n")
    page = visit("Manager of", f"{STORE}/imports")
    page.locator("input[type=file]").set_input_files(feed)
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    report = page.get_by_role("link", name="See the report")
    report.click(timeout=30_000)
    for fact in ("title", "price", "soon"):
        expect(page.locator("main")).to_contain_text(fact)
    assert faults(page, DESKTOP) == []
    page.goto(f"{page.url.partition('/stores/')[0]}{SHOP}/search?q=paper+lantern")
    expect(page.locator("main")).to_contain_text("Paper lantern")


@pytest.mark.parametrize("screen", WIDTHS)
def test_the_dashboard_is_accessible_after_an_import(visit: Visit, up: RunningOrion, data: Path, screen: str) -> None:
    feed = data.parent / "dashboard.csv"
    feed.write_text("id,title,price\nDASH-1,Paper star,2.95\n")
    command = [*ORION, "catalog", "import", str(feed), "--store", "haff-keramik"]
    subprocess.run(command, env=clean_environment(data), check=True, capture_output=True)
    page = visit("Manager of", f"{STORE}/", WIDTHS[screen])
    expect(page.locator("main")).to_contain_text("dashboard.csv")
    assert faults(page, WIDTHS[screen]) == []
