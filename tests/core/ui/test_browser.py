"""The sample pages in a real Chromium under the real policy: accessible, no violation, never too wide."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import DESKTOP, PHONE, faults
from tests.core.ui.samples import SAMPLES

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens a sample at a width and fails the test for anything the browser complains about."""
    complaints: list[str] = []
    contexts = []

    def opened(name: str, width: int = DESKTOP, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_is_accessible_and_fits_the_screen(open_page: OpenPage, name: str, width: int) -> None:
    assert faults(open_page(name, width), width) == []


@pytest.mark.parametrize("name", ["staff-list", "staff-form", "shop-product", "shop-account", "shop-login"])
def test_targets_on_a_phone_are_large_enough_for_a_thumb(open_page: OpenPage, name: str) -> None:
    small = open_page(name, PHONE).eval_on_selector_all(
        ".btn, .icon-button, .tool, .site-nav a, .tabs a, .menu > summary, .form-control, .form-select",
        "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)",
    )
    assert small == []


def test_staff_menu_opens_on_a_phone_without_a_script(open_page: OpenPage) -> None:
    page = open_page("staff-list", PHONE, scripts=False)
    expect(page.get_by_role("link", name="Statistics")).to_be_hidden()
    page.get_by_role("button", name="Open menu").click()
    expect(page.get_by_role("link", name="Statistics")).to_be_visible()
    page.get_by_role("button", name="Close menu").click()
    expect(page.get_by_role("link", name="Statistics")).to_be_hidden()


def test_account_menu_opens_without_a_script(open_page: OpenPage) -> None:
    page = open_page("staff-list", scripts=False)
    page.get_by_label("Account menu of Lena Weber").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_open_menu_closes_on_escape_and_outside_clicks(open_page: OpenPage) -> None:
    page = open_page("staff-list")
    sign_out = page.get_by_role("button", name="Sign out")
    page.get_by_label("Account menu of Lena Weber").click()
    page.keyboard.press("Escape")
    expect(sign_out).to_be_hidden()
    page.get_by_label("Account menu of Lena Weber").click()
    page.locator("h1").click()
    expect(sign_out).to_be_hidden()


def test_filters_work_without_a_script(open_page: OpenPage) -> None:
    page = open_page("staff-list", scripts=False)
    page.get_by_label("Search products").last.fill("board")
    page.get_by_role("button", name="Filter").click()
    assert page.url.endswith("?q=board&state=&category=&sort=-stock")


def test_filters_replace_only_the_list_when_htmx_runs(open_page: OpenPage) -> None:
    page = open_page("staff-list")
    page.evaluate("window.untouched = true")
    page.get_by_label("Any state").select_option("draft")
    page.wait_for_url("**state=draft**")
    expect(page.get_by_role("link", name="Walnut board")).to_be_visible()
    assert page.evaluate("window.untouched")


def test_click_on_a_row_follows_its_link(open_page: OpenPage) -> None:
    page = open_page("staff-list")
    page.route("**/products/3", lambda route: route.fulfill(body="third"))
    page.get_by_text("Sold out").click()
    page.wait_for_url("**/products/3")


def test_progress_asks_until_the_answer_is_final(open_page: OpenPage) -> None:
    page = open_page("staff-form")
    expect(page.locator("#done")).to_be_visible()
    expect(page.locator("[hx-trigger]")).to_have_count(0)


def test_timeline_is_drawn_from_its_table(open_page: OpenPage) -> None:
    page = open_page("staff-home")
    expect(page.locator(".timeline canvas")).to_be_visible()
    expect(page.locator(".u-legend")).to_contain_text("Refunded")


@pytest.mark.parametrize(("answer", "sent"), [(True, 1), (False, 0)])
def test_form_with_a_question_leaves_only_when_confirmed(open_page: OpenPage, *, answer: bool, sent: int) -> None:
    page = open_page("staff-form")
    requests: list[str] = []
    page.route("**/products/1", lambda route: route.fulfill(body="saved"))
    page.on("request", lambda request: requests.append(request.method))
    page.on("dialog", lambda dialog: dialog.accept() if answer else dialog.dismiss())
    page.locator("form[data-once]").evaluate("form => form.dataset.confirm = 'Sure?'")
    page.get_by_role("button", name="Save product").click()
    page.wait_for_timeout(200)
    assert requests.count("POST") == sent


def test_form_marked_once_is_not_sent_twice(open_page: OpenPage) -> None:
    page = open_page("shop-product")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    page.route("**/cart", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Add to cart").dblclick()
    expect(page.get_by_role("button", name="Add to cart")).to_be_disabled()
    assert requests.count("POST") == 1
