"""Texts in the reader's language: one gettext catalogue per module, chosen by the request's locale."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from orion_core.context import current_context

LOCALES = ("en", "fr", "de", "lb")
"""Languages the built-in modules speak; the first is the fallback and the language of message ids."""
_NO_COUNTRIES = {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"}
"""Codes of two letters in CLDR's list of territories that are no country's."""


class Catalogues:
    """All modules' translations: each module speaks its own words, and those of others where it has none.

    Args:
        folders: The modules' ``locales`` folders by module, in dependency order; of two modules that translate a
            message, the earlier one speaks for a third.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._own = {
            (module, locale): texts_of(folder, locale) for module, folder in folders.items() for locale in LOCALES
        }
        self._all: dict[str, dict[str, str | tuple[str, ...]]] = {locale: {} for locale in LOCALES}
        for (_, locale), texts in self._own.items():
            self._all[locale] = {**texts, **self._all[locale]}

    def gettext(self, message: str, module: str = "") -> str:
        """Return a text in the current locale, or the message itself.

        Args:
            message: Message id.
            module: Who says it.
        """
        found = self._find(message, module)
        return found if isinstance(found, str) else message

    def ngettext(self, singular: str, plural: str, count: int, module: str = "") -> str:
        """Return the form of a counted text that fits its number in the current locale.

        Args:
            singular: Message id.
            plural: Its plural.
            count: The number.
            module: Who says it.
        """
        locale, found = current_context().locale, self._find(singular, module)
        if not isinstance(found, tuple):
            return singular if count == 1 else plural
        # French counts zero as one; the others of ours do not.
        return found[0] if count == 1 or (locale == "fr" and count == 0) else found[-1]

    def _find(self, message: str, module: str) -> str | tuple[str, ...] | None:
        locale = current_context().locale
        own = self._own.get((module, locale), {}).get(message)
        return own if own is not None else self._all.get(locale, {}).get(message)


def texts_of(folder: Path, locale: str) -> dict[str, str | tuple[str, ...]]:
    """Return a module's translations into one language, by message id.

    Args:
        folder: Its ``locales`` folder.
        locale: The language.
    """
    texts: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((folder / locale / "LC_MESSAGES").glob("*.po")):
        texts = {**_read(path), **texts}
    return texts


def _read(path: Path) -> Mapping[str, str | tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if isinstance(message.string, str) and isinstance(message.id, str):
            if message.id and message.string:
                texts[message.id] = message.string
        elif message.string and all(message.string):
            texts[message.id[0]] = tuple(message.string)
    return texts


@lru_cache
def native_name(locale: str) -> str:
    """Return what speakers of ``locale`` call their language."""
    return (Locale.parse(locale).display_name or locale).capitalize()


@lru_cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return all countries as ISO 3166-1 code and name, in the order of their names.

    Args:
        locale: The language of the names.
    """
    territories = Locale.parse(locale).territories.items()
    named = [(str(code), str(name)) for code, name in territories if len(code) == 2 and code.isalpha()]
    known = [(code, name) for code, name in named if code not in _NO_COUNTRIES]
    return tuple(sorted(known, key=lambda pair: unicodedata.normalize("NFKD", pair[1]).casefold()))


def country_name(code: str) -> str:
    """Return a country's name in the language of the request; an unknown code stays as it is.

    Args:
        code: ISO 3166-1 alpha-2.
    """
    return str(Locale.parse(current_context().locale).territories.get(code, code))


def choose(candidates: Iterable[str | None], offered: Iterable[str]) -> str:
    """Return the first candidate that is offered, else the first offered locale.

    Args:
        candidates: Wishes, strongest first; ``None`` is passed over, ``fr-LU`` counts as ``fr``.
        offered: Locales that may be chosen, not empty.
    """
    allowed = list(offered)
    for candidate in candidates:
        code = (candidate or "").replace("_", "-").split("-")[0].lower()
        if code in allowed:
            return code
    return allowed[0]
