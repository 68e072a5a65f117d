"""Leaves broken modules out, with whatever requires them, and undoes what they had already done to the process."""

import sys
from collections.abc import Iterable, Mapping, Set

from orion_host.assembly.collection import Collected
from orion_host.assembly.conflicts import conflicts
from orion_host.assembly.loading import Loading
from orion_host.assembly.order import dependents
from orion_host.assembly.report import AssemblyError, Problem
from orion_host.assembly.tables import forget


def quarantine(
    loading: Loading, collected: Mapping[str, Collected], problems: list[Problem], *, web: bool
) -> dict[str, Problem]:
    """Leave out modules until nothing is wrong with the rest.

    Args:
        loading: All modules that could be loaded.
        collected: What they contributed.
        problems: What was wrong so far; what is found here is added.
        web: Whether routes were collected, too.

    Returns:
        The modules left out, each with the first reason.

    Raises:
        AssemblyError: If a module of the core tier would have to be left out.
    """
    requires = {name: module.definition.requires for name, module in loading.modules.items()}
    installed = {module.name for module in loading.installed}
    out: dict[str, Problem] = {}
    found = list(problems)
    while True:
        reasons = {problem.module: problem for problem in reversed(found)}
        affected = dependents(requires, out.keys() | reasons.keys())
        problems += affected
        leaving = reasons | {problem.module: problem for problem in affected}
        if loading.core & leaving.keys():
            raise AssemblyError(problems)
        out |= leaving
        _roll_back(loading, collected, leaving.keys(), out.keys())
        kept = {name: each for name, each in collected.items() if name not in out}
        found = _first_modules(conflicts(kept, installed, web=web), kept)
        if not found:
            return out
        problems += found


def _first_modules(found: list[Problem], order: Iterable[str]) -> list[Problem]:
    """Return the problems of the first module that has any: with it gone, others may be sound."""
    blamed = {problem.module for problem in found}
    first = next((name for name in order if name in blamed), None)
    return [problem for problem in found if problem.module == first]


def _roll_back(loading: Loading, collected: Mapping[str, Collected], leaving: Set[str], out: Set[str]) -> None:
    """Take away mappers, tables and imported code, dependents first."""
    in_use = {module.package for module in loading.installed if module.name not in out}
    order = [*loading.modules, *(leaving - loading.modules.keys())]
    packages = {module.name: module.package for module in loading.installed}
    for name in reversed([name for name in order if name in leaving]):
        package = packages[name]
        if package in in_use:
            continue
        forget(name, package, collected[name].tables if name in collected else ())
        for imported in [key for key in sys.modules if f"{key}.".startswith(f"{package}.")]:
            del sys.modules[imported]
