"""The page frames: all texts escaped, nothing inline that the policy would block, no dead reference."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.core.ui.host import LANGUAGES, STATIC, TEMPLATES, Page, environment
from tests.core.ui.samples import SAMPLES, render

SOURCES = sorted((TEMPLATES / "core").rglob("*.html"))
HOSTILE = "<img src=x onerror=alert(1)>\"'</title></script>"
INLINE = re.compile(r"<style\b|<script(?![^>]*\ssrc=)|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


class Elements(HTMLParser):
    """Every start tag of a document with its attributes, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def inline_code(html: str) -> list[str]:
    return [
        tag
        for tag, attributes in Elements(html).found
        if tag == "style"
        or (tag == "script" and not attributes.get("src"))
        or any(name == "style" or name.startswith("on") for name in attributes)
        or any((value or "").lower().startswith("javascript:") for value in attributes.values())
    ]


def hostile(value: Any) -> Any:
    """The same structure with every text replaced by markup that must not survive."""
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, dict):
        return {key: value[key] if key in {"icon", "url"} else hostile(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return type(value)(hostile(item) for item in value)
    return value


@pytest.mark.parametrize("locale", [code for code, _ in LANGUAGES])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_renders_in_every_language_without_inline_code(name: str, locale: str) -> None:
    html = render(name, locale)
    assert inline_code(html) == []
    assert f'<html lang="{locale}"' in html


@pytest.mark.parametrize("name", SAMPLES)
def test_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it(name: str) -> None:
    elements = Elements(render(name))
    assert len(elements.named("h1")) == 1
    assert [main["id"] for main in elements.named("main")] == ["content"]
    assert next(link for link in elements.named("a") if link["href"] == "#content")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_template_holds_no_inline_code(source: Path) -> None:
    assert INLINE.search(source.read_text()) is None


@pytest.mark.parametrize("name", SAMPLES)
def test_hostile_texts_are_escaped_on_every_page(name: str) -> None:
    _, page = SAMPLES[name]
    changes = {key: hostile(getattr(page, key)) for key in ("menu", "user", "tenant", "flashes", "banner")}
    html = render(name, title=HOSTILE, request_id=HOSTILE, theme_css=HOSTILE, **changes)
    assert HOSTILE not in html
    assert not any("onerror" in attributes for _, attributes in Elements(html).found)
    assert inline_code(html) == []


@pytest.mark.parametrize("status", [403, 404, 409, 500])
@pytest.mark.parametrize("area", ["admin", "store", "shop", "public"])
def test_error_page_says_what_happened_in_every_area(area: str, status: int) -> None:
    problem = {"status": status, "title": HOSTILE, "detail": HOSTILE, "code": "orders.closed"}
    page = Page(title="Error", area=area)
    html = environment().get_template("core/error.html").render(page=page, problem=problem)
    assert page.request_id in html
    assert "orders.closed" in html
    assert HOSTILE not in html


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_static_file_a_template_names_exists(source: Path) -> None:
    named = re.findall(r"""static\(['"]([^'"]+)['"]\)""", source.read_text())
    assert [path for path in named if not (STATIC / path).is_file()] == []


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = ET.parse(STATIC / "vendor/tabler/icons.svg").getroot()
    known = {symbol.get("id") for symbol in sprite}
    used = {name.rpartition("#")[2] for page in SAMPLES for name in re.findall(r'<use href="([^"]+)"', render(page))}
    assert used - known == set()


def test_every_file_a_stylesheet_names_exists() -> None:
    for sheet in (STATIC / "core").glob("*.css"):
        for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / url).is_file(), f"{sheet.name} names {url}"


def test_modules_fill_the_account_menu_of_a_signed_in_person() -> None:
    env = environment(slots={"staff.user": "<b>Sign out</b>"})
    user = {"name": "Lena", "email": "l@example.com"}
    template = env.get_template("core/staff.html")
    assert "<b>Sign out</b>" in template.render(page=Page("Orders", user=user))
    assert "<b>Sign out</b>" not in template.render(page=Page("Orders"))
