"""The distribution somebody is working on: what its pyproject.toml announces."""

import tomllib
from pathlib import Path

from orion_host.assembly.discovery import GROUP


def modules_of(folder: Path) -> list[str]:
    """Return the modules that the distribution in a folder announces.

    Args:
        folder: Where its pyproject.toml is.
    """
    path = folder / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}) if path.is_file() else {}
    return sorted(project.get("entry-points", {}).get(GROUP, {}))
