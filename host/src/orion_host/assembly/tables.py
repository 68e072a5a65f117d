"""Whose tables are whose: what a module's models brought, whether that is its to own, and how to undo it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orion_core.db import METADATA, ModuleTables
from orion_host.assembly.report import Problem, blaming

if TYPE_CHECKING:
    from orion_host.assembly.collection import Collected

_TAKEN = re.compile(r"Table '([\w.]+)' is already defined")


def brought_by(package: str, before: Collection[str]) -> frozenset[str]:
    """Return the full names of a package's tables: those its models are mapped to, and plain new ones.

    Args:
        package: Where the models are defined.
        before: Names of the tables there were before it was asked for its models.
    """
    plain = METADATA.tables.keys() - before - _mapped(_bases())
    return frozenset(plain | _mapped(_bases(package)))


def naming_the_owner(problem: Problem, owners: Mapping[str, str]) -> Problem:
    """Return a problem that SQLAlchemy reports as a second definition of a table, with that table's owner."""
    found = _TAKEN.search(str(problem.cause))
    if not found or found[1] not in owners:
        return problem
    fact = f"defines table {found[1]}, which belongs to module {owners[found[1]]!r}"
    return replace(problem, stage="conflict", message=fact)


def misplaced(collected: "Mapping[str, Collected]") -> Iterator[Problem]:
    """Find bases and tables outside their module's schema."""
    for each in collected.values():
        others = {getattr(base, "module", "") for base in each.of("orion_models")} - {each.name}
        for schema in others:
            yield _outside(each.name, f"has a base with module = {schema!r}", schema, collected)
        for table in () if others else sorted(each.tables):
            schema = table.rpartition(".")[0]
            if schema != each.name:
                yield _outside(each.name, f"has table {table}, outside its schema", schema, collected)


def _outside(module: str, fact: str, schema: str, collected: Collection[str]) -> Problem:
    owner = f", which belongs to module {schema!r}" if schema in collected else ""
    return Problem(
        module=module,
        stage="conflict",
        message=fact + owner,
        hint=f"Derive its models from a base with module = {module!r}, and pass schema={module!r} to plain tables.",
    )


def uncertain_references(collected: "Mapping[str, Collected]") -> Iterator[Problem]:
    """Find foreign keys into modules that are not required, and so may be absent."""
    within_reach: dict[str, set[str]] = {}
    for each in collected.values():
        required = each.module.definition.requires
        reach = {each.name, "core", *required}.union(*(within_reach.get(name, ()) for name in required))
        within_reach[each.name] = reach
        for table in sorted(each.tables):
            targets = {key.target_fullname for key in METADATA.tables[table].foreign_keys}
            for target in sorted(target for target in targets if target.partition(".")[0] not in reach):
                yield Problem(
                    module=each.name,
                    stage="conflict",
                    message=f"has a foreign key from {table} to {target}, of a module it does not require",
                    hint="Require that module, or keep the id without a foreign key.",
                )


def unmappable(collected: "Mapping[str, Collected]") -> list[Problem]:
    """Configure the mappers of each module's own registry, and find those that cannot be."""
    problems: list[Problem] = []
    unmapped: set[str] = set()
    for each in collected.values():
        if unmapped.isdisjoint(each.module.definition.requires):
            with blaming(problems, each.name, each.module.package, "models", "configuring its mappers"):
                for base in each.of("orion_models"):
                    base.registry.configure()
                continue
        unmapped.add(each.name)
    return problems


def forget(module: str, package: str, tables: Collection[str]) -> None:
    """Take a module's mappers and tables away again.

    Args:
        module: Its name, which is also its schema.
        package: Where its models are defined.
        tables: Full names of tables it brought into other schemas.
    """
    names = _mapped(_bases(package)) | set(tables)
    for base in _bases(package):
        base.registry.dispose(cascade=True)
    for table in list(METADATA.tables.values()):
        if table.schema == module or table.fullname in names:
            METADATA.remove(table)


def _bases(package: str | None = None) -> list[Any]:
    return [
        base
        for base in ModuleTables.__subclasses__()
        if hasattr(base, "registry") and (package is None or f"{base.__module__}.".startswith(f"{package}."))
    ]


def _mapped(bases: Iterable[Any]) -> set[str]:
    return {table.fullname for base in bases for mapper in base.registry.mappers for table in mapper.tables}
