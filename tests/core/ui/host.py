"""A stand-in for the host: the Jinja environment and page values that docs/explanation/pages.md promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import orion_core

PACKAGE = Path(orion_core.__file__).parent
TEMPLATES = PACKAGE / "templates"
STATIC = PACKAGE / "static"
LOCALES = PACKAGE / "locales"
PAGES = Path(__file__).parent / "pages"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch"), ("lb", "Lëtzebuergesch")]
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class Money:
    amount: int
    currency: str = "EUR"


@dataclass
class Page:
    title: str
    area: str = "store"
    locale: str = "en"
    locales: list[tuple[str, str]] = field(default_factory=lambda: list(LANGUAGES))
    menu: list[dict[str, Any]] = field(default_factory=list)
    user: dict[str, str] | None = None
    tenant: dict[str, str | None] = field(
        default_factory=lambda: {"name": "Maison Lux", "code": "LUX-01", "logo": None}
    )
    flashes: list[tuple[str, str]] = field(default_factory=list)
    banner: str | None = None
    request_id: str = "0199a2f0-6c1e-7b3a-9d42-8f1f0c6f21aa"
    home: str = "/"
    theme: dict[str, str] = field(default_factory=dict)
    theme_css: str | None = None


def catalogue(locale: str) -> Catalog:
    with (LOCALES / locale / "LC_MESSAGES" / "core.po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def environment(locale: str = "en", slots: dict[str, str] | None = None) -> Environment:
    env = Environment(
        loader=FileSystemLoader([TEMPLATES, PAGES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    i18n: Any = env  # the extension adds its methods to the instance, unseen by type checkers
    i18n.install_gettext_callables(*_gettext(catalogue(locale)), newstyle=True)
    env.filters.update({"money": _money, "date": _date, "datetime": _datetime})
    env.globals.update(
        static=lambda path: f"/static/{path}?v=1",
        link=lambda path: f"/shop/lux{path}",
        slot=lambda name: Markup((slots or {}).get(name, "")),
    )
    return env


def _gettext(texts: Catalog) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    def form(key: str, number: int) -> str | None:
        message = texts.get(key)
        if message is None:
            return None
        return str((message.string or "") if isinstance(message.string, str | None) else message.string[number])

    def gettext(text: str) -> str:
        return form(text, 0) or text

    def ngettext(one: str, many: str, count: int) -> str:
        return form(one, int(count != 1)) or (one if count == 1 else many)

    return gettext, ngettext


def _money(value: Money) -> str:
    return f"€{Decimal(value.amount) / 100:,.2f}"


def _date(value: date) -> str:
    return f"{value:%-d %b %Y}"


def _datetime(value: datetime) -> str:
    return f"{value:%-d %b %Y, %H:%M}"
