"""Which modules are installed, found by our own reading of the entry points.

pluggy's loader silently skips a second distribution that ships the same name, and stops at the first failing import.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from importlib_metadata import entry_points

from orion_host.assembly.report import Problem

GROUP = "orion.modules"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModule:
    """A module as its distribution announces it; nothing of it is imported yet.

    Args:
        name: Name of the module.
        plugin: Dotted name of its ``plugin.py``.
        distribution: Who ships it.
        version: That distribution's version.
    """

    name: str
    plugin: str
    distribution: str
    version: str

    @property
    def package(self) -> str:
        """The package that ``plugin.py`` stands in."""
        return self.plugin.rpartition(".")[0] or self.plugin

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def installed_modules() -> list[InstalledModule]:
    """Return what the distributions on ``sys.path`` announce, sorted by name."""
    found = [
        InstalledModule(
            name=point.name,
            plugin=point.module,
            distribution=point.dist.name if point.dist else "an unknown distribution",
            version=point.dist.version if point.dist else "",
        )
        for point in entry_points(group=GROUP)
    ]
    return sorted(found, key=lambda module: (module.name, module.distribution))


def one_per_name(found: Iterable[InstalledModule]) -> tuple[list[InstalledModule], list[Problem]]:
    """Return the modules with a name of their own, and a problem for each name that several ship.

    Nobody can tell which of them is meant, so none of them is taken.
    """
    by_name: defaultdict[str, list[InstalledModule]] = defaultdict(list)
    for module in found:
        by_name[module.name].append(module)
    problems = [
        Problem(
            module=name,
            stage="discover",
            message=f"shipped by {' and '.join(str(module) for module in rivals)}",
            hint="Uninstall all but one of them.",
        )
        for name, rivals in by_name.items()
        if len(rivals) > 1
    ]
    return [rivals[0] for rivals in by_name.values() if len(rivals) == 1], problems
