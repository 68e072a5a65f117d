"""How a deliberate fault is made: changes to files of the generated plugin, and what has to tell it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "src/orion_gadgets"
MIGRATION = f"{PACKAGE}/migrations/gadgets_0001_create_entries.py"
LIST = f"{PACKAGE}/templates/gadgets/store/list.html"
FRENCH = f"{PACKAGE}/locales/fr/LC_MESSAGES/gadgets.po"
POLICY = '    op.create_tenant_policy("entries", schema=SCHEMA, scope="store")\n'

Change = Callable[[Path], None]


@dataclass(frozen=True)
class Mutation:
    """A fault.

    Args:
        fact: The fault, as a name of the test.
        changes: What makes it.
        checks: Codes of all checks that find something.
        words: Part of what is told.
    """

    fact: str
    changes: tuple[Change, ...]
    checks: frozenset[str]
    words: str = field(default="")


def swap(file: str, old: str, new: str) -> Change:
    """Replace a text that stands in a file."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text, f"{file} does not hold {old!r} any more"
        path.write_text(text.replace(old, new))

    return change


def add(file: str, text: str) -> Change:
    """Add a text at the end of a file, or make the file."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_text((path.read_text() if path.exists() else "") + text)

    return change


def fault(fact: str, *changes: Change, checks: str, words: str = "") -> Mutation:
    return Mutation(fact, changes, frozenset(checks.split()), words)


def module(file: str, old: str, new: str) -> Change:
    return swap(f"{PACKAGE}/{file}", old, new)
