"""The module that is checked: its files, what it contributes, its tables; each looked at once, when first asked for."""

import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from orion_core import OrionError
from orion_core.db import METADATA
from orion_core.ids import new_id
from orion_host.assembly import Assembly, AssemblyError, InstalledModule, LoadedModule, Problem, assemble, did_you_mean
from orion_host.embedded import EmbeddedPostgres
from orion_host.kit.rows import Maker, Row
from orion_host.kit.sources import Source, read_sources
from orion_host.kit.trial import Trial
from orion_host.migrations.autogenerate import tenant_scope

C = TypeVar("C")


class NotCheckable(OrionError):
    """There is no such module, or others keep it from being looked at."""

    code = "not_checkable"


class Subject:
    """A module under examination.

    Args:
        name: Its name.
        found: All modules there are; its neighbours are among them.
        postgres: A server for databases to try its migrations on.

    Raises:
        NotCheckable: If there is no module of that name.
    """

    def __init__(self, name: str, found: Sequence[InstalledModule], postgres: EmbeddedPostgres) -> None:
        known = {module.name: module for module in found}
        if name not in known:
            raise NotCheckable(f"there is no module {name!r} installed. {did_you_mean(name, known)}".strip())
        self.name = name
        self.installed = known[name]
        self.found = tuple(found)
        self._postgres = postgres

    @cached_property
    def folder(self) -> Path:
        """The folder of its package."""
        spec = find_spec(self.installed.package)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise NotCheckable(f"{self.installed.package} is not a package that can be imported")
        return Path(places[0])

    @cached_property
    def sources(self) -> list[Source]:
        """Its Python files."""
        return read_sources(self.folder)

    @cached_property
    def outcome(self) -> Assembly | tuple[Problem, ...]:
        """The assembly of all modules, or what keeps this one from taking part."""
        try:
            return assemble(self.found, policy="strict")
        except AssemblyError as error:
            mine = tuple(problem for problem in error.problems if problem.module == self.name)
            if mine:
                return mine
            raise NotCheckable(f"other modules keep {self.name} from being checked: {error.detail}") from error

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from taking part."""
        return () if isinstance(self.outcome, Assembly) else self.outcome

    @property
    def assembly(self) -> Assembly:
        """The assembly of all modules; ask only when there are no problems."""
        if not isinstance(self.outcome, Assembly):
            raise NotCheckable(f"{self.name} does not assemble")
        return self.outcome

    @property
    def module(self) -> LoadedModule:
        """The module itself."""
        return self.assembly.modules[self.name]

    def items(self, hook: str) -> list[Any]:
        """Return what it contributed by a hook."""
        return [item for name, item in self.assembly.contributions(hook) if name == self.name]

    @property
    def tables(self) -> list[Table]:
        """Its tables."""
        return [table for _, table in sorted(METADATA.tables.items()) if table.schema == self.name]

    @property
    def required(self) -> list[str]:
        """What it requires, directly or not, and itself, in dependency order."""
        needed = {self.name}
        for name in reversed(list(self.assembly.modules)):
            if name in needed:
                needed.update(self.assembly.modules[name].definition.requires)
        return [name for name in self.assembly.modules if name in needed]

    @cached_property
    def alone(self) -> Assembly:
        """The assembly of it and what it requires, without anybody else."""
        required = set(self.required)
        return assemble([module for module in self.found if module.name in required], policy="strict")

    @cached_property
    def mine(self) -> dict[str, UUID]:
        """Ids of the tenant that the rows made up for it belong to."""
        return {f"{scope}_id": new_id() for scope in ("store", "merchant", "platform")}

    @cached_property
    def rows(self) -> dict[str, Row | str]:
        """A made-up row of each table of tenants, or why there is none; kept in the trial's database."""
        found: dict[str, Row | str] = {}
        with self.trial.owner.connect() as owner:
            for table in self.tables:
                if tenant_scope(table) is not None:
                    try:
                        with owner.begin():
                            found[table.fullname] = Maker(owner, self.mine).row(table)
                    except SQLAlchemyError as error:
                        found[table.fullname] = str(error).partition("\n")[0]
        return found

    @cached_property
    def trial(self) -> Trial:
        """Its migrations, run up, down and up again on a database of their own."""
        folders = {name: folder for name in self.required if (folder := self.assembly.folder(name, "migrations"))}
        return Trial(self.name, folders, self._postgres)

    def classes(self, base: type[C], package: str = "") -> list[type[C]]:
        """Return the classes derived from ``base`` that the imported files of a package define.

        Args:
            base: What they derive from.
            package: The package; the module's own if empty.
        """
        package = package or self.installed.package
        files = [file for name, file in sys.modules.items() if f"{name}.".startswith(f"{package}.")]
        found = {
            value
            for file in files
            for value in vars(file).values()
            if isinstance(value, type) and issubclass(value, base) and value is not base
            if value.__module__ == file.__name__
        }
        return sorted(found, key=lambda cls: cls.__qualname__)

    def templates(self) -> Iterator[tuple[str, Path]]:
        """Yield name and path of its templates."""
        root = self.folder / "templates"
        yield from ((path.relative_to(root).as_posix(), path) for path in sorted(root.rglob("*.html")))

    def close(self) -> None:
        """Drop the databases that were made."""
        if "trial" in self.__dict__:
            self.trial.close()
