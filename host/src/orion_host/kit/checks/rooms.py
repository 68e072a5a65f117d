"""What the module's files import and call: nothing behind another module's back, nothing undeclared."""

import ast
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions

from importlib_metadata import PackageNotFoundError, requires
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject

BROUGHT = frozenset(
    {"alembic", "babel", "cryptography", "fastapi", "msgspec", "pluggy", "psycopg", "pydantic", "sqlalchemy"}
    | {"starlette", "structlog", "typer"}
)
"""What orion-commerce-core brings to every module, in the versions of the contract."""


@check("imports", "It imports other modules only through their api, and never the host")
def imports(subject: Subject) -> Iterator[Found]:
    """Reads every import: what is not in another module's api may change any day, and the host is not there for it."""
    owners = {module.package.partition(".")[0]: module.name for module in subject.found}
    for source in subject.sources:
        for node, module, names in source.imports():
            top = module.partition(".")[0]
            if top == "orion_host":
                yield Found(source.at(node), f"imports {module}.", "A module gets what it needs through its hooks.")
            owner = owners.get(top, subject.name)
            if owner not in (subject.name, "core") and module != f"{top}.api" and (module, names) != (top, ("api",)):
                yield Found(source.at(node), f"imports {module}, inside {owner!r}.", f"Import it from {top}.api.")


@check("requirements", "It requires every module it imports", needs="assembly")
def requirements(subject: Subject) -> Iterator[Found]:
    """Holds imports against the definition: a module that is not required may be absent, or be switched off."""
    owners = {module.package.partition(".")[0]: module.name for module in subject.found}
    known = {subject.name, "core", *subject.module.definition.requires}
    for source in subject.sources:
        for node, module, _ in source.imports():
            owner = owners.get(module.partition(".")[0], subject.name)
            if owner not in known:
                fix = f"Add {owner!r} to requires and its distribution to the dependencies, or listen to its events."
                yield Found(source.at(node), f"imports {module}, but does not require {owner!r}.", fix)


@check("dependencies", "Its distribution declares what it imports, and what it requires")
def dependencies(subject: Subject) -> Iterator[Found]:
    """Compares imports and requires with the distribution's metadata: an install must bring everything."""
    declared = _declared(subject.installed.distribution)
    if declared is None:
        yield Found(subject.installed.distribution, "has no metadata.", "Install it: `pip install -e .`")
        return
    shippers = packages_distributions()
    own = canonicalize_name(subject.installed.distribution)
    seen: set[str] = set()
    for source in subject.sources:
        for node, module, _ in source.imports(for_types=False):
            top = module.partition(".")[0]
            if top not in seen and not _is_declared(top, declared, shippers, own):
                fix = "Add it to the dependencies in pyproject.toml, and install again."
                yield Found(source.at(node), f"imports {top}, which its distribution does not depend on.", fix)
            seen.add(top)
    yield from _required(subject, declared)


def _required(subject: Subject, declared: set[str]) -> Iterator[Found]:
    distributions = {module.name: module.distribution for module in subject.found}
    for name in () if subject.problems else subject.module.definition.requires:
        if canonicalize_name(distributions[name]) not in declared:
            fact = f"requires module {name!r}, but not its distribution {distributions[name]}."
            yield Found("plugin.py", fact, "Add it to the dependencies in pyproject.toml.")


def _declared(distribution: str) -> set[str] | None:
    try:
        found = requires(distribution) or []
    except PackageNotFoundError:
        return None
    return {canonicalize_name(Requirement(line).name) for line in found}


def _is_declared(top: str, declared: set[str], shippers: Mapping[str, list[str]], own: str) -> bool:
    if top in sys.stdlib_module_names or top in BROUGHT or top.startswith("orion_"):
        return True  # other modules are the business of `imports`
    return any(canonicalize_name(name) in declared | {own} for name in shippers.get(top, [top]))


@check("commits", "Only the kernel commits")
def commits(subject: Subject) -> Iterator[Found]:
    """Looks for calls of commit: a service that commits tears the request's transaction in two."""
    if subject.name == "core":
        return  # it is the kernel
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                fix = "Leave it to the route or task; steps of a task are separate `unit_of_work()` blocks."
                yield Found(source.at(node), "commits.", fix)


CHECKS = (imports, requirements, dependencies, commits)
