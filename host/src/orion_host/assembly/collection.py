"""Asks every module for its contributions, one implementation at a time, and blames it for what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_origin

from orion_core import TaskSet
from orion_core.db import METADATA
from orion_host.assembly.hooks import Hooks, Implementation
from orion_host.assembly.loading import LoadedModule, Loading
from orion_host.assembly.order import dependents
from orion_host.assembly.report import Problem, blaming
from orion_host.assembly.shapes import expected, fault, in_words
from orion_host.assembly.tables import brought_by, naming_the_owner

if TYPE_CHECKING:
    from orion_core.tasks import TaskDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one module contributed.

    Args:
        module: The module.
        items: By hook: the items of a list, or the one thing it returned.
        tasks: The tasks defined where its ``TaskSet`` says.
        tables: Full names of the tables it brought.
        seconds: How long each hook took. A hook that raised is the last one; what comes after it was not asked.
        problems: What was wrong.
    """

    module: LoadedModule
    items: Mapping[str, tuple[Any, ...]]
    tasks: tuple[TaskDefinition, ...]
    tables: frozenset[str]
    seconds: Mapping[str, float]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """The module's name."""
        return self.module.name

    @property
    def raised(self) -> bool:
        """Whether a hook raised; those after it were not asked, for they would raise for the same reason."""
        return bool(self.seconds.keys() - self.items.keys())

    def of(self, hook: str) -> tuple[Any, ...]:
        """Return the items of a hook; none if the module does not implement it."""
        return self.items.get(hook, ())


def collect(loading: Loading, *, web: bool) -> tuple[dict[str, Collected], list[Problem]]:
    """Ask each module in dependency order, except those that require one whose hook raised.

    Args:
        loading: The modules.
        web: Whether to ask for routes, too.
    """
    shapes, problems = _shapes(loading.hooks, web=web)
    requires = {name: module.definition.requires for name, module in loading.modules.items()}
    collected: dict[str, Collected] = {}
    unable: set[str] = set()
    for name, module in loading.modules.items():
        if unable.isdisjoint(requires[name]):
            collected[name] = _ask(module, loading.hooks.of(name), shapes)
        if name not in collected or collected[name].raised:
            unable.add(name)
    owners = {table: each.name for each in collected.values() for table in each.tables}
    problems += [naming_the_owner(problem, owners) for each in collected.values() for problem in each.problems]
    return collected, problems + dependents(requires, unable & collected.keys())


def _shapes(hooks: Hooks, *, web: bool) -> tuple[dict[str, Any], list[Problem]]:
    """Return what each hook that is asked now must return."""
    shapes: dict[str, Any] = {}
    problems: list[Problem] = []
    for hook in hooks.to_collect(web=web):
        offered = hooks.specifications[hook]
        with blaming(problems, offered.module, offered.function.__module__, "hooks", f"the annotation of {hook}"):
            shapes[hook] = expected(offered.function)
    return shapes, problems


def _ask(module: LoadedModule, calls: Mapping[str, Implementation], shapes: Mapping[str, Any]) -> Collected:
    problems: list[Problem] = []
    items: dict[str, tuple[Any, ...]] = {}
    seconds: dict[str, float] = {}
    before = set(METADATA.tables)
    for hook in (hook for hook in shapes if hook in calls):
        started = perf_counter()
        with blaming(problems, module.name, module.package, "collect", hook):
            items[hook] = _items(module.name, hook, calls[hook](), shapes[hook], problems)
        seconds[hook] = perf_counter() - started
        if hook not in items:
            break
    tasks: list[TaskDefinition] = []
    with blaming(problems, module.name, module.package, "collect", "importing its tasks"):
        tasks += _tasks(items.get("orion_tasks", ()))
    return Collected(
        module=module,
        items=items,
        tasks=tuple(tasks),
        tables=brought_by(module.package, before),
        seconds=seconds,
        problems=tuple(problems),
    )


def _items(module: str, hook: str, value: Any, shape: Any, problems: list[Problem]) -> tuple[Any, ...]:
    if reason := fault(value, shape):
        fact = f"{hook} returned something else than {in_words(shape)}: {reason}"
        problems.append(Problem(module=module, stage="collect", message=fact))
        return ()
    return tuple(value) if get_origin(shape) is list else (value,)


def _tasks(task_sets: Iterable[TaskSet]) -> Iterable[TaskDefinition]:
    if not task_sets:
        return ()
    # It loads the core module's models, and those are to appear when that module is asked.
    from orion_core.tasks import TaskDefinition  # noqa: PLC0415

    packages = [package for task_set in task_sets for package in task_set.packages]
    values = [value for package in packages for module in _modules(package) for value in vars(module).values()]
    # A package may show again what its files define.
    return {id(value): value for value in values if isinstance(value, TaskDefinition)}.values()


def _modules(dotted: str) -> Iterator[ModuleType]:
    module = import_module(dotted)
    yield module
    for found in iter_modules(getattr(module, "__path__", ())):
        yield import_module(f"{dotted}.{found.name}")
