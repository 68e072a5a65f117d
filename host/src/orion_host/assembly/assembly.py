"""The assembly: an immutable value from which the web app, the workers, the migrations and the command are built."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from orion_host.assembly.discovery import InstalledModule
from orion_host.assembly.hooks import Implementation
from orion_host.assembly.loading import Folder, LoadedModule, load_modules
from orion_host.assembly.report import AssemblyError, Problem
from orion_host.assembly.routes import PlacedRouter, in_serving_order

if TYPE_CHECKING:
    from orion_core.tasks import TaskDefinition

Policy = Literal["strict", "quarantine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What is installed, and what it contributed.

    Args:
        modules: The modules that take part, in dependency order.
        items: What they contributed, by hook.
        calls: What they implement, by hook.
        tasks: The tasks they define.
        seconds: How long each module took over each hook, by module and hook.
        policy: What was done about problems.
        problems: Everything that was wrong; empty under the strict policy.
        notices: Modules that use what is retired; they work, but should change.
        quarantined: The modules that were left out, each with the reason.
    """

    modules: Mapping[str, LoadedModule]
    items: Mapping[str, tuple[tuple[str, Any], ...]]
    calls: Mapping[str, tuple[tuple[str, Implementation], ...]]
    tasks: tuple[tuple[str, "TaskDefinition"], ...]
    seconds: Mapping[tuple[str, str], float]
    policy: Policy
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    quarantined: Mapping[str, Problem]

    def contributions(self, hook: str) -> list[tuple[str, Any]]:
        """Return what a hook without arguments collected, as pairs of module name and item, in dependency order.

        Raises:
            LookupError: If no such hook was asked; ``orion_routes`` is not without ``web``.
        """
        if hook not in self.items:
            raise LookupError(f"this assembly did not collect {hook}")
        return list(self.items[hook])

    def implementations(self, hook: str) -> list[tuple[str, Implementation]]:
        """Return who implements a hook, as pairs of module name and function, in dependency order.

        Each function takes the specification's arguments by keyword. Whoever calls it decides what it means that
        one raises.

        Raises:
            LookupError: If there is no such hook.
        """
        if hook not in self.calls:
            raise LookupError(f"no installed module offers hook {hook}")
        return list(self.calls[hook])

    def routers(self) -> tuple[PlacedRouter, ...]:
        """Return all routers in the order in which the web app must include them; conflicts were judged by it."""
        return in_serving_order(self.contributions("orion_routes"))

    def folder(self, module: str, kind: Folder) -> Path | None:
        """Return a module's resource folder, or ``None`` if it has none of that kind."""
        return self.modules[module].folder(kind)

    def folders(self, kind: Folder) -> dict[str, Path]:
        """Return the resource folders of one kind of all modules that have one, in dependency order."""
        return {name: path for name, module in self.modules.items() if (path := module.folder(kind))}


def assemble(
    found: Iterable[InstalledModule] | None = None, *, policy: Policy = "strict", web: bool = True
) -> Assembly:
    """Turn what is installed into an assembly.

    Args:
        found: The modules to assemble; by default those that are installed.
        policy: ``strict`` refuses any problem; ``quarantine`` leaves broken optional modules out.
        web: Whether to collect routes, too; without them FastAPI is not loaded.

    Raises:
        AssemblyError: If there is a problem (strict) or a module of the core tier has one (quarantine).
    """
    # These load SQLAlchemy and Typer; `orion --help` needs this package without them.
    from orion_host.assembly.collection import collect  # noqa: PLC0415
    from orion_host.assembly.conflicts import conflicts  # noqa: PLC0415
    from orion_host.assembly.quarantine import quarantine  # noqa: PLC0415

    loading = load_modules(found)
    collected, wrong = collect(loading, web=web)
    problems = [*loading.problems, *wrong]
    if policy == "strict":
        sound = {name: each for name, each in collected.items() if not each.problems}
        problems += conflicts(sound, {module.name for module in loading.installed}, web=web)
        if problems:
            raise AssemblyError(problems)
    out = quarantine(loading, collected, problems, web=web) if policy == "quarantine" else {}
    kept = [each for name, each in collected.items() if name not in out]
    return Assembly(
        modules=MappingProxyType({each.name: each.module for each in kept}),
        items=MappingProxyType(
            {
                hook: tuple((each.name, item) for each in kept for item in each.of(hook))
                for hook in loading.hooks.to_collect(web=web)
            }
        ),
        calls=MappingProxyType(
            {
                hook: tuple((name, call) for name, call in calls if name not in out)
                for hook, calls in loading.hooks.implementations.items()
            }
        ),
        tasks=tuple((each.name, task) for each in kept for task in each.tasks),
        seconds=MappingProxyType({(each.name, hook): time for each in kept for hook, time in each.seconds.items()}),
        policy=policy,
        problems=tuple(problems),
        notices=loading.hooks.notices,
        quarantined=MappingProxyType(out),
    )
