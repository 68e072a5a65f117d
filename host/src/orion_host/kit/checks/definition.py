"""The module takes part: it is found, imported, tied to its hooks, and fits together with all others."""

from collections.abc import Iterator

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject


def problems_at(subject: Subject, *stages: str) -> Iterator[Found]:
    """Yield what assembling blames on the module at some stages."""
    for problem in subject.problems:
        if problem.stage in stages:
            yield Found(subject.name, f"{problem.message}.", problem.hint)


@check("definition", "plugin.py can be imported and says what the module is")
def definition(subject: Subject) -> Iterator[Found]:
    """Imports it, compares its ModuleDefinition with the entry point, its contract range and what it requires."""
    return problems_at(subject, "discover", "load", "requires")


@check("hooks", "Its hooks exist and are marked")
def hooks(subject: Subject) -> Iterator[Found]:
    """Ties every implementation to a specification, so that a misspelt hook is not silently never called."""
    return problems_at(subject, "hooks")


@check("contributions", "Its hooks return what they are asked for")
def contributions(subject: Subject) -> Iterator[Found]:
    """Calls every hook without arguments, imports models and tasks, and compares types with the specification."""
    return problems_at(subject, "collect")


@check("conflicts", "It fits together with all other modules, and what it refers to exists")
def conflicts(subject: Subject) -> Iterator[Found]:
    """Assembles everything installed: names, routes, menus, tables, schedules and permissions are held together."""
    return problems_at(subject, "conflict", "models")


CHECKS = (definition, hooks, contributions, conflicts)
