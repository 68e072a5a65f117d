"""Who implements which hook: pluggy checks names and arguments, the calling is ours, one module at a time.

``pm.hook.x()`` would lose every result when one implementation raises, and call the last registered first.
"""

import inspect
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pluggy

from orion_core import hookspecs
from orion_core.markers import PROJECT
from orion_host.assembly.report import Problem, blaming, did_you_mean

Implementation = Callable[..., Any]
"""Takes the specification's arguments by keyword, and hands over those the module asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A hook there is.

    Args:
        module: Who offers it.
        function: What was marked with ``@hookspec``.
        contributes: Whether it has no arguments: such a hook is called when the platform is assembled, and any
            other on its occasion.
    """

    module: str
    function: Callable[..., Any]
    contributes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """The hooks there are, and who implements them.

    Args:
        specifications: By hook: those of orion-core in its order, then those of modules.
        implementations: Pairs of module name and implementation by hook, in dependency order.
        notices: Modules that use what is retired; they work, but should change.
    """

    specifications: Mapping[str, Specification]
    implementations: Mapping[str, tuple[tuple[str, Implementation], ...]]
    notices: tuple[Problem, ...]

    def to_collect(self, *, web: bool) -> list[str]:
        """Return the hooks to call when the platform is assembled, with or without routes."""
        left_out = {"orion_hookspecs"} if web else {"orion_hookspecs", "orion_routes"}
        return [hook for hook, spec in self.specifications.items() if spec.contributes and hook not in left_out]

    def of(self, module: str) -> dict[str, Implementation]:
        """Return what one module implements."""
        return {hook: call for hook, pairs in self.implementations.items() for name, call in pairs if name == module}


def tie(plugins: Mapping[str, ModuleType]) -> tuple[Hooks, list[Problem]]:
    """Tie implementations to specifications.

    Args:
        plugins: ``plugin.py`` of each module by name, in dependency order.
    """
    manager = pluggy.PluginManager(PROJECT)
    problems: list[Problem] = []
    notices: list[Problem] = []
    specifications = _added(manager, "core", hookspecs)
    for module, plugin in plugins.items():
        if manager.parse_hookimpl_opts(plugin, "orion_hookspecs"):
            with blaming(problems, module, str(plugin.__package__), "hooks", "orion_hookspecs"):
                for namespace in plugin.orion_hookspecs():
                    specifications |= _added(manager, module, namespace)
    for module, plugin in plugins.items():
        with blaming(problems, module, str(plugin.__package__), "hooks", "registering its hooks"):
            notices += _register(manager, module, plugin)
        problems += _misfits(manager, module, plugin, specifications)
    implementations = {hook: _implementations(manager, hook, plugins) for hook in specifications}
    hooks = Hooks(specifications=specifications, implementations=implementations, notices=tuple(notices))
    return hooks, problems


def _register(manager: pluggy.PluginManager, module: str, plugin: ModuleType) -> Iterator[Problem]:
    """Register a module, and yield a notice for each retired hook or argument that it uses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pluggy warns where the function stands; the notice says it in the report
        manager.register(plugin, module)
    for caller in sorted(manager.get_hookcallers(plugin) or (), key=lambda caller: caller.name):
        if caller.spec is None:
            continue
        if caller.spec.warn_on_impl:
            yield Problem(module=module, stage="hooks", message=f"{caller.name} {caller.spec.warn_on_impl}")
        taken = {name for impl in caller.get_hookimpls() if impl.plugin_name == module for name in impl.argnames}
        for name, reason in (caller.spec.warn_on_impl_args or {}).items():
            if name in taken:
                fact = f"argument {name!r} of {caller.name} {reason}"
                yield Problem(module=module, stage="hooks", message=fact)


def _added(manager: pluggy.PluginManager, module: str, namespace: Any) -> dict[str, Specification]:
    manager.add_hookspecs(namespace)
    return {
        name: Specification(module=module, function=spec.function, contributes=not spec.argnames)
        for name in vars(namespace)
        if manager.parse_hookspec_opts(namespace, name) and (spec := getattr(manager.hook, name).spec)
    }


def _misfits(
    manager: pluggy.PluginManager, module: str, plugin: ModuleType, known: Collection[str]
) -> Iterator[Problem]:
    for name, function in vars(plugin).items():
        options = manager.parse_hookimpl_opts(plugin, name)
        if options:
            fact, hint = _misfit(options.get("specname") or name, function, known, options["optionalhook"])
        else:
            forgotten = name in known and inspect.isfunction(function)
            fact, hint = (f"{name} is not marked as a hook", "Put @hookimpl on it.") if forgotten else ("", "")
        if fact:
            yield Problem(module=module, stage="hooks", message=fact, hint=hint)


def _misfit(hook: str, function: Any, known: Collection[str], may_be_absent: bool) -> tuple[str, str]:  # noqa: FBT001
    if hook in known:
        hint = "Write a plain function that returns what the hook asks for."
        return ("", "") if _is_plain(function) else (f"{hook} is a wrapper, a generator or async", hint)
    if may_be_absent:
        return "", ""
    hint = "If it belongs to a module that may be absent, write @hookimpl(optionalhook=True)."
    return f"{hook} is not a hook", f"{did_you_mean(hook, known)} {hint}".strip()


def _is_plain(function: Any) -> bool:
    return not (inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function))


def _implementations(
    manager: pluggy.PluginManager, hook: str, order: Iterable[str]
) -> tuple[tuple[str, Implementation], ...]:
    found = {impl.plugin_name: impl for impl in getattr(manager.hook, hook).get_hookimpls() if _is_plain(impl.function)}
    return tuple((module, _by_keyword(found[module])) for module in order if module in found)


def _by_keyword(impl: pluggy.HookImpl) -> Implementation:
    def call(**arguments: Any) -> Any:
        return impl.function(*(arguments[name] for name in impl.argnames))

    return call
