"""Imports each plugin.py under a guard; cheap enough for ``orion --help``, which needs no more than this."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from types import MappingProxyType, ModuleType
from typing import Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from orion_core import CONTRACT_VERSION, ModuleDefinition, Tier
from orion_host.assembly.discovery import InstalledModule, installed_modules, one_per_name
from orion_host.assembly.hooks import Hooks, tie
from orion_host.assembly.order import circles, dependents, in_order, missing
from orion_host.assembly.report import Problem, blaming

Folder = Literal["templates", "static", "locales", "migrations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModule:
    """A module whose ``plugin.py`` is imported.

    Args:
        definition: What the module says it is.
        distribution: Who ships it.
        version: That distribution's version.
        package: Dotted name of the package ``plugin.py`` stands in.
        plugin: The imported ``plugin.py``.
        import_seconds: How long importing it took.
    """

    definition: ModuleDefinition
    distribution: str
    version: str
    package: str
    plugin: ModuleType
    import_seconds: float

    @property
    def name(self) -> str:
        """The module's name."""
        return self.definition.name

    def folder(self, kind: Folder) -> Path | None:
        """Return the module's folder of that kind, found by convention beside ``plugin.py``, if it has one."""
        path = Path(str(self.plugin.__file__)).with_name(kind)
        return path if path.is_dir() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What could be loaded.

    Args:
        modules: Modules that are imported together with all they require, in dependency order. Those with a
            problem of another kind are among them, so that they can be examined further.
        hooks: What these modules implement.
        problems: What was wrong.
        installed: Every module that is installed, loaded or not.
        core: Names of the installed modules without which the platform must not run.
    """

    modules: Mapping[str, LoadedModule]
    hooks: Hooks
    problems: tuple[Problem, ...]
    installed: tuple[InstalledModule, ...]
    core: frozenset[str]


def load_modules(found: Iterable[InstalledModule] | None = None) -> Loading:
    """Import the plugin.py of every installed module and tie their hooks.

    Args:
        found: The modules to load; by default those that are installed.
    """
    installed = tuple(installed_modules() if found is None else found)
    unique, problems = one_per_name(installed)
    imported = {module.name: module for each in unique if (module := _imported(each, problems))}
    problems += [problem for module in imported.values() for problem in _contract_problems(module)]
    ordered = _ordered(imported, {module.name for module in installed}, problems)
    hooks, hook_problems = tie({name: module.plugin for name, module in ordered.items()})
    return Loading(
        modules=MappingProxyType(ordered),
        hooks=hooks,
        problems=(*problems, *hook_problems),
        installed=installed,
        core=frozenset(module.name for module in installed if _is_core(module, imported.get(module.name))),
    )


def _imported(installed: InstalledModule, problems: list[Problem]) -> LoadedModule | None:
    started = perf_counter()
    with blaming(problems, installed.name, installed.package, "load", f"importing {installed.plugin}"):
        plugin = import_module(installed.plugin)
        seconds = perf_counter() - started
        definition = getattr(plugin, "definition", None)
        if isinstance(definition, ModuleDefinition) and definition.name == installed.name:
            return LoadedModule(
                definition=definition,
                distribution=installed.distribution,
                version=installed.version,
                package=installed.package,
                plugin=plugin,
                import_seconds=seconds,
            )
        problems.append(_no_definition(installed, definition))
    return None


def _no_definition(installed: InstalledModule, found: object) -> Problem:
    if isinstance(found, ModuleDefinition):
        fact = f"is installed as {installed.name!r} but defines itself as {found.name!r}"
    else:
        fact = f"{installed.plugin} has no ModuleDefinition called 'definition'"
    hint = f"Write definition = ModuleDefinition(name={installed.name!r}, ...) or correct the entry point."
    return Problem(module=installed.name, stage="load", message=fact, hint=hint)


def _contract_problems(module: LoadedModule) -> list[Problem]:
    wanted = module.definition.contract
    try:
        if CONTRACT_VERSION in SpecifierSet(wanted):
            return []
        fact = f"was written for contract {wanted}, and this orion-core offers {CONTRACT_VERSION}"
        hint = f"Install a version of {module.distribution} for contract {CONTRACT_VERSION}."
    except InvalidSpecifier:
        fact, hint = f"gives its contract as {wanted!r}", "Write a version range such as '>=1,<2'."
    return [Problem(module=module.name, stage="load", message=fact, hint=hint)]


def _ordered(
    imported: Mapping[str, LoadedModule], installed: Collection[str], problems: list[Problem]
) -> dict[str, LoadedModule]:
    """Return the modules that are imported with all they require, in dependency order."""
    requires = {name: module.definition.requires for name, module in imported.items()}
    gaps = [*missing(requires, installed), *circles(requires)]
    broken = {problem.module for problem in gaps} | (set(installed) - imported.keys())
    affected = dependents(requires, broken)
    problems += [*gaps, *affected]
    broken |= {problem.module for problem in affected}
    return {name: imported[name] for name in in_order({n: r for n, r in requires.items() if n not in broken})}


def _is_core(installed: InstalledModule, loaded: LoadedModule | None) -> bool:
    if loaded:
        return loaded.definition.tier is Tier.CORE
    # A plugin.py that cannot be imported still tells its tier in its text.
    try:
        spec = find_spec(installed.plugin)
        return bool(spec and spec.origin and "Tier.CORE" in Path(spec.origin).read_text(encoding="utf-8"))
    except (Exception, SystemExit):  # noqa: BLE001 - find_spec runs the package's __init__, which may raise anything
        return False
