"""The texts: every language has every text, translated, with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from orion_core.plugin import orion_menus, orion_permissions
from tests.core.ui.host import LANGUAGES, PACKAGE, catalogue

CODES = [code for code, _ in LANGUAGES]
TRANSLATED = [code for code in CODES if code != "en"]
SAME_IN = {"fr": {"Action", "Date", "Pages"}, "de": {"Status", "optional"}, "lb": {"Status"}}


def texts(locale: str) -> dict[str, Message]:
    return {key(message): message for message in catalogue(locale) if message.id}


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def used() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(PACKAGE, method_map=methods, keywords={"_": None, "ngettext": (1, 2)})
    declared = {permission.title for permission in orion_permissions()}
    declared |= {text for item in orion_menus() for text in (item.label, item.section)}
    return declared | {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


@pytest.mark.parametrize("locale", CODES)
def test_every_text_is_in_every_catalogue(locale: str) -> None:
    assert used() - set(texts(locale)) == set()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_catalogues_hold_the_same_texts(locale: str) -> None:
    assert set(texts(locale)) == set(texts("en"))


@pytest.mark.parametrize("locale", CODES)
def test_no_translation_is_empty_or_unsure(locale: str) -> None:
    unsure = [key(m) for m in catalogue(locale) if m.id and (m.fuzzy or not all(map(str.strip, forms(m))))]
    assert unsure == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_the_placeholders(locale: str) -> None:
    for text, message in texts(locale).items():
        expected = set(re.findall(r"%\(\w+\)s", str(message.id)))
        assert {name for form in forms(message) for name in re.findall(r"%\(\w+\)s", form)} == expected, text


@pytest.mark.parametrize("locale", TRANSLATED)
def test_texts_are_translated_rather_than_copied(locale: str) -> None:
    copied = {text for text, message in texts(locale).items() if forms(message)[0] == text}
    assert copied - SAME_IN[locale] == set()


@pytest.mark.parametrize("locale", CODES)
def test_catalogue_names_its_language_and_plural_rule(locale: str) -> None:
    found: Catalog = catalogue(locale)
    assert str(found.locale) == locale
    assert found.num_plurals == 2
