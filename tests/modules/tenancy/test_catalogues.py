"""The texts: every language has every text of pages, menus, permissions and errors, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import orion_tenancy
from orion_core import OrionError
from orion_tenancy import exceptions
from orion_tenancy.menus import menus
from orion_tenancy.plugin import orion_permissions
from orion_tenancy.services.roles import PRESETS

PACKAGE = Path(orion_tenancy.__file__).parent
LANGUAGES = ["en", "fr", "de", "lb"]


def catalogue(locale: str) -> Catalog:
    with (PACKAGE / "locales" / locale / "LC_MESSAGES" / "tenancy.po").open("rb") as file:
        return read_po(file, locale=locale)


def texts(locale: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue(locale):
        key = message.id if isinstance(message.id, str) else message.id[0]
        string = message.string or ""
        if key:
            found[key] = (string,) if isinstance(string, str) else tuple(string)
    return found


def used() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    extracted = extract_from_dir(str(PACKAGE), method_map=methods, keywords={"_": None, "ngettext": (1, 2)})
    found = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in extracted}
    found |= {permission.title for permission in orion_permissions()} | set(PRESETS.values())
    found |= {text for item in menus() for text in (item.label, item.section) if text}
    errors = [value for value in vars(exceptions).values() if isinstance(value, type)]
    return found | {error.title for error in errors if issubclass(error, OrionError) and error.code[:7] == "tenancy"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_text_is_in_every_catalogue(locale: str) -> None:
    assert used() - set(texts(locale)) == set()
    assert set(texts(locale)) == set(texts("en"))
    assert [key for key, forms in texts(locale).items() if not all(forms)] == []


@pytest.mark.parametrize("locale", LANGUAGES[1:])
def test_translations_keep_the_placeholders(locale: str) -> None:
    for key, forms in texts(locale).items():
        expected = set(re.findall(r"%\(\w+\)s", texts("en")[key][-1]))
        assert set(re.findall(r"%\(\w+\)s", forms[-1])) == expected, key
