"""A generated plugin that counts as installed wherever its two folders are on the path; and broken copies of it."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orion_host.assembly import InstalledModule
from orion_host.assembly.discovery import installed_modules
from orion_host.assembly.tables import forget
from orion_host.kit.naming import Names, choose_names
from orion_host.kit.writing import write_plugin

NAME = "gadgets"


def generate(folder: Path, name: str = NAME) -> Names:
    """Write a plugin to ``folder`` and beside its package what an installation writes down about it."""
    names = choose_names(name, installed_modules())
    write_plugin(names, folder)
    note_installation(folder, names.name, names.distribution, names.dependencies)
    return names


def note_installation(folder: Path, name: str, distribution: str, dependencies: tuple[str, ...]) -> None:
    """Write the metadata that installing the distribution in ``folder`` would leave."""
    info = folder / "src" / f"{distribution.replace('-', '_')}-0.1.0.dist-info"
    info.mkdir(parents=True)
    needs = "".join(f"Requires-Dist: {each}\n" for each in dependencies)
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.1.0\n{needs}")
    info.joinpath("entry_points.txt").write_text(f"[orion.modules]\n{name} = orion_{name}.plugin\n")


@contextmanager
def installed(folder: Path, name: str = NAME) -> Iterator[list[InstalledModule]]:
    """Have core, tenancy and the plugin in ``folder`` installed inside the block; nothing of it is left."""
    package, source = f"orion_{name}", str(folder / "src")
    sys.path.insert(0, source)
    importlib.invalidate_caches()
    own = InstalledModule(name=name, plugin=f"{package}.plugin", distribution=f"orion-{name}", version="0.1.0")
    others = [module for module in installed_modules() if module.name in {"core", "tenancy"}]
    try:
        yield [*others, own]
    finally:
        sys.path.remove(source)
        forget(name, package, ())
        for imported in [key for key in sys.modules if f"{key}.".startswith(f"{package}.")]:
            del sys.modules[imported]


def copied(plugin: Path, folder: Path) -> Path:
    """Return a copy of a generated plugin's folder."""
    return Path(shutil.copytree(plugin, folder / "copy", ignore=shutil.ignore_patterns("__pycache__")))
