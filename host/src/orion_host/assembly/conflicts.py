"""What no two modules may both have, and what they refer to: every conflict names both sides."""

from collections.abc import Collection, Iterator, Mapping

from croniter import croniter  # type: ignore[import-untyped]

from orion_core import ScheduledTask, Tier
from orion_core.settings import resolve
from orion_core.tasks import TaskDefinition
from orion_host.assembly.collection import Collected
from orion_host.assembly.guards import unguarded
from orion_host.assembly.report import Problem, blaming, did_you_mean
from orion_host.assembly.routes import served, unreachable, without_page
from orion_host.assembly.tables import misplaced, uncertain_references, unmappable

All = Mapping[str, Collected]
"""What every module contributed, by name in dependency order."""


def conflicts(collected: All, installed: Collection[str], *, web: bool) -> list[Problem]:
    """Return everything that keeps these modules from working together.

    Args:
        collected: The modules to hold against each other.
        installed: All modules there are; what one that is not examined owns is not called unknown.
        web: Whether routes were collected, too.
    """
    problems = [
        *_names(collected),
        *_settings(collected),
        *_unusable_settings(collected),
        *_schedules(collected),
        *_permissions(collected, installed),
        *_templates(collected),
        *misplaced(collected),
        *uncertain_references(collected),
        *unmappable(collected),
    ]
    if web:
        core = {name for name, each in collected.items() if _is_core(each)}
        routes = served(collected, problems)
        problems += [*unreachable(routes, core), *without_page(routes, collected)]
        problems += unguarded(routes, _known_permissions(collected), set(installed) - collected.keys())
    return problems


def _is_core(each: Collected) -> bool:
    return each.module.definition.tier is Tier.CORE


def _names(collected: All) -> Iterator[Problem]:
    """Find what two modules call the same, and what is not called after its module."""
    owners: dict[tuple[str, str], str] = {}
    # The core tier chooses first: an optional module must not be able to push it out.
    for each in sorted(collected.values(), key=_is_core, reverse=True):
        for kind, name in (*_prefixed(each), *_claimed(each)):
            if (kind, name) in owners:
                fact = f"{kind} {name!r} already belongs to module {owners[kind, name]!r}"
                yield Problem(module=each.name, stage="conflict", message=fact, hint="Give it another name.")
            owners.setdefault((kind, name), each.name)
        for kind, name in _prefixed(each):
            if owners[kind, name] == each.name and not name.startswith(f"{each.name}."):
                fact = f"{kind} {name!r} is not called after its module"
                yield Problem(module=each.name, stage="conflict", message=fact, hint=f"Call it '{each.name}.…'.")


def _prefixed(each: Collected) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what is called ``module.name``."""
    yield from (("permission", item.code) for item in each.of("orion_permissions"))
    yield from (("feature", item.code) for item in each.of("orion_features"))
    yield from (("menu item", item.id) for item in each.of("orion_menus"))
    yield from (("subscriber", item.id) for item in each.of("orion_subscribers"))
    yield from (("task", task.name) for task in each.tasks)
    yield from (("state machine", machine.name) for machine in each.of("orion_state_machines"))
    yield from (("schedule entry", entry.name) for entry in _entries(each))


def _claimed(each: Collected) -> Iterator[tuple[str, str]]:
    """Yield kind and name of everything else that can be there once only."""
    yield from (("slot", f"{slot.place} with {slot.template}") for slot in each.of("orion_slots"))
    yield from (("health check", f"{each.name}.{check.name}") for check in each.of("orion_health"))
    yield from (("route set", f"{each.name} {routes.area}") for routes in each.of("orion_routes"))
    yield from (("role", "tenant directory") for _ in each.of("orion_tenants"))
    for authenticator in each.of("orion_authenticators"):
        yield from (("role", f"authenticator of {area}") for area in authenticator.areas)
    for settings in each.of("orion_settings"):
        if getattr(settings, "module", "") == each.name:
            yield from (("environment variable", settings.variable(field)) for field in settings.model_fields)


def _settings(collected: All) -> Iterator[Problem]:
    for each in collected.values():
        for settings in each.of("orion_settings"):
            module = getattr(settings, "module", "")
            if module != each.name:
                fact = f"{settings.__name__} holds settings of module {module!r}"
                yield Problem(module=each.name, stage="conflict", message=fact, hint=f"Write module = {each.name!r}.")


def _unusable_settings(collected: All) -> list[Problem]:
    """Find settings without a default, and environment variables whose values do not fit."""
    problems: list[Problem] = []
    for each in collected.values():
        for settings in each.of("orion_settings"):
            required = [name for name, field in settings.model_fields.items() if field.is_required()]
            for name in required:
                hint = "A module has to start unconfigured: Field(default=...)."
                fact = f"setting {name!r} has no default"
                problems.append(Problem(module=each.name, stage="settings", message=fact, hint=hint))
            if required:
                continue
            with blaming(problems, each.name, each.module.package, "settings", "reading its settings"):
                resolve(settings, [])
    return problems


def _entries(each: Collected) -> list[ScheduledTask]:
    return [entry for task_set in each.of("orion_tasks") for entry in task_set.schedule]


def _schedules(collected: All) -> Iterator[Problem]:
    for each in collected.values():
        tasks = {task.name: task for task in each.tasks}
        for entry in _entries(each):
            if entry.task not in tasks:
                fact = f"schedules task {entry.task!r}, which it does not define"
                yield Problem(module=each.name, stage="conflict", message=fact, hint=did_you_mean(entry.task, tasks))
            elif not _runs_without_arguments(tasks[entry.task]):
                fact = f"schedules task {entry.task!r}, which needs arguments"
                hint = "Give every argument a default; the clock has none to pass."
                yield Problem(module=each.name, stage="conflict", message=fact, hint=hint)
            if len(entry.cron.split()) != 5 or not croniter.is_valid(entry.cron):
                fact = f"schedules {entry.name!r} at {entry.cron!r}, which is not a cron expression"
                hint = "Write minute, hour, day of month, month and day of week, such as '5 0 * * *'."
                yield Problem(module=each.name, stage="conflict", message=fact, hint=hint)


def _runs_without_arguments(task: TaskDefinition) -> bool:
    try:
        task.parse(None)
    except ValueError:
        return False
    return True


def _permissions(collected: All, installed: Collection[str]) -> Iterator[Problem]:
    """Find menu items and slots that ask for a permission nobody defines."""
    known = _known_permissions(collected)
    unexamined = set(installed) - collected.keys()
    for each in collected.values():
        for user in (*each.of("orion_menus"), *each.of("orion_slots")):
            code = user.permission
            if code and code not in known and code.partition(".")[0] not in unexamined:
                name = getattr(user, "id", None) or user.template
                fact = f"{name!r} asks for permission {code!r}, which no module defines"
                yield Problem(module=each.name, stage="conflict", message=fact, hint=did_you_mean(code, known))


def _known_permissions(collected: All) -> set[str]:
    return {item.code for each in collected.values() for item in each.of("orion_permissions")}


def _templates(collected: All) -> Iterator[Problem]:
    """Find templates outside the module's own folder, where they could cover another module's."""
    for each in collected.values():
        folder = each.module.folder("templates")
        for path in sorted(folder.iterdir()) if folder else ():
            if path.name != each.name:
                owner = f", where module {path.name!r} has its own" if path.name in collected else ""
                fact = f"has templates/{path.name}{owner}"
                hint = f"Move it below templates/{each.name}/."
                yield Problem(module=each.name, stage="conflict", message=fact, hint=hint)
