"""The module's texts: every one in every language, with the same placeholders."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import orion_core
from orion_core import OrionError
from orion_core.i18n import LOCALES
from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]


def _used(subject: Subject) -> dict[str, str]:
    """Return every text the module shows, with a place where it does."""
    keywords: Mapping[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2), "translate": None}
    found: dict[str, str] = {}
    for name, line, message, _, _ in extract_from_dir(subject.folder, method_map=_METHODS, keywords=keywords):
        text = message if isinstance(message, str) else message[0]
        found.setdefault(text, f"{name}:{line}")
    if not subject.problems:
        found |= {text: place for text, place in _declared(subject) if text and text not in found}
    return found


def _declared(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield texts that reach people by what the module contributes, and by its errors."""
    for item in subject.items("orion_menus"):
        yield from ((text, f"menu {item.id}") for text in (item.label, item.section))
    for kind in ("orion_permissions", "orion_features"):
        yield from ((item.title, item.code) for item in subject.items(kind))
    for error in subject.classes(OrionError):
        if "title" in vars(error):
            yield error.title, f"{error.__name__}.title"


def _catalogue(folder: Path, locale: str) -> Catalog:
    catalogue = Catalog(locale=locale)
    for path in sorted((folder / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id:
                    catalogue[message.id] = message
    return catalogue


def _forms(catalogue: Catalog, text: str) -> tuple[str, ...]:
    message = catalogue.get(text)
    return _translated(message) if message else ()


def _translated(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _core(locale: str) -> Catalog:
    return _catalogue(Path(str(orion_core.__file__)).with_name("locales"), locale)


@check("translations", "Every text is there in every language")
def translations(subject: Subject) -> Iterator[Found]:
    """Extracts what templates, code, menus, permissions and errors say, and looks it up in each catalogue."""
    used = _used(subject)
    for locale in LOCALES:
        own, core = _catalogue(subject.folder / "locales", locale), _core(locale)
        for text, place in sorted(used.items()):
            forms = _forms(own, text) or _forms(core, text)
            if not forms or not all(forms):
                fix = f"Write it into locales/{locale}/LC_MESSAGES/{subject.name}.po."
                yield Found(place, f"{text!r} is not there in {locale}.", fix)
        for message in own:
            if message.id and message.fuzzy:
                yield Found(f"locales/{locale}", f"{message.id!r} is marked as fuzzy.", "Confirm or correct it.")


@check("placeholders", "Translations keep the placeholders")
def placeholders(subject: Subject) -> Iterator[Found]:
    """Compares the %(names)s of each translation with the original: a missing one loses a value, another one fails."""
    for locale in LOCALES:
        for message in _catalogue(subject.folder / "locales", locale):
            if not message.id:
                continue
            original = message.id if isinstance(message.id, str) else message.id[-1]
            wanted = set(_PLACEHOLDER.findall(original))
            for form in _translated(message)[-1:]:
                if form and set(_PLACEHOLDER.findall(form)) != wanted:
                    names = ", ".join(sorted(wanted)) or "none"
                    yield Found(f"locales/{locale}", f"{original!r} has other placeholders.", f"Use {names}.")


CHECKS = (translations, placeholders)
