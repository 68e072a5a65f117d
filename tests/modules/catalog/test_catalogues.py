"""The texts: every language has every text of pages, menus, permissions and errors, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import orion_catalog
import orion_core
from orion_catalog import exceptions
from orion_catalog.plugin import orion_menus, orion_permissions
from orion_core import OrionError

PACKAGE = Path(orion_catalog.__file__).parent
CORE = Path(orion_core.__file__).parent
LANGUAGES = ["en", "fr", "de", "lb"]


def texts(locale: str, package: Path = PACKAGE, name: str = "catalog") -> dict[str, tuple[str, ...]]:
    with (package / "locales" / locale / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        string = message.string or ""
        if key:
            found[key] = (string,) if isinstance(string, str) else tuple(string)
    return found


def used() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    extracted = extract_from_dir(str(PACKAGE), method_map=methods, keywords={"_": None, "ngettext": (1, 2)})
    found = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in extracted}
    found |= {permission.title for permission in orion_permissions()}
    found |= {text for item in orion_menus() for text in (item.label, item.section)}
    errors = [value for value in vars(exceptions).values() if isinstance(value, type)]
    return found | {error.title for error in errors if issubclass(error, OrionError) and error.code[:7] == "catalog"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_text_is_in_every_catalogue(locale: str) -> None:
    assert used() - set(texts(locale)) - set(texts(locale, CORE, "core")) == set()
    assert set(texts(locale)) == set(texts("en"))
    assert [key for key, forms in texts(locale).items() if not all(forms)] == []


@pytest.mark.parametrize("locale", LANGUAGES[1:])
def test_translations_keep_the_placeholders(locale: str) -> None:
    for key, forms in texts(locale).items():
        expected = set(re.findall(r"%\(\w+\)s", texts("en")[key][-1]))
        assert set(re.findall(r"%\(\w+\)s", forms[-1])) == expected, key
