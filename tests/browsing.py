"""One Chromium for all tests that need a browser, and what is looked at on every page. A pytest plugin."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running import RunningOrion

DESKTOP, PHONE = 1280, 390
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium; tests are skipped where there is none."""
    found = os.environ.get("ORION_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium: install one or point ORION_CHROMIUM at it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


def faults(page: Page, width: int) -> list[str]:
    """Return what is wrong with a page: serious or critical axe findings, and sideways scrolling."""
    found = [
        f"{finding['id']}: {[node['html'][:160] for node in finding['nodes']]}"
        for finding in Axe().run(page).response["violations"]
        if finding["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, f"{wide} px wide"] if wide > width else found


def sign_in(page: Page, up: RunningOrion, role: str) -> None:
    """Sign somebody in who is named so on the running demo's list of logins."""
    password, logins = up.logins()
    email = next(email for name, email in logins.items() if name.startswith(role))
    page.goto(f"http://127.0.0.1:{up.port}/login")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url(lambda url: "/login" not in url)
