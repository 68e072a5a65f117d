"""Tells a module's revisions from its file names alone: cheap enough for every process, without Alembic."""

import re
from pathlib import Path

_FILE = re.compile(r"(?P<id>[a-z][a-z0-9_]*?_\d{4})(?:_\w+)?\.py")


def shipped_revisions(folder: Path) -> list[str]:
    """Return the ids of the revisions in a ``migrations`` folder, oldest first; the last one is the module's head.

    ``Branch`` enforces what this builds on: a file's name starts with its revision's id, and ids ascend.

    Args:
        folder: A module's ``migrations`` folder.
    """
    found = (_FILE.fullmatch(path.name) for path in sorted(folder.glob("*.py")))
    return [match["id"] for match in found if match]
