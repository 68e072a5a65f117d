"""What the assembly holds, as rows for the command line and, later, for pages."""

import inspect
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from orion_core import OrionError, hookspecs
from orion_core.web.routing import guards_of
from orion_host.assembly import Assembly
from orion_host.web.app import module_gates
from orion_host.web.gate import routes_behind_gates


class UnknownModule(OrionError):
    """No installed module has that name."""

    code = "unknown_module"
    status = 404


def module_rows(assembly: Assembly) -> list[dict[str, Any]]:
    """Return a row per installed module, those left out included.

    Args:
        assembly: What is installed.
    """
    rows = [
        {
            "name": name,
            "title": module.definition.title,
            "tier": str(module.definition.tier),
            "distribution": module.distribution,
            "version": module.version,
            "requires": list(module.definition.requires),
            "summary": module.definition.summary,
            "state": "ok",
        }
        for name, module in assembly.modules.items()
    ]
    for name, problem in assembly.quarantined.items():
        empty = {"title": name, "tier": "", "distribution": "", "version": "", "requires": []}
        rows.append({"name": name, **empty, "summary": str(problem), "state": "quarantined"})
    return rows


def module_details(assembly: Assembly, name: str) -> dict[str, Any]:
    """Return everything a module contributes, hook by hook.

    Args:
        assembly: What is installed.
        name: The module's name.

    Raises:
        UnknownModule: If it is not installed.
    """
    row = next((row for row in module_rows(assembly) if row["name"] == name), None)
    if row is None:
        raise UnknownModule(f"there is no module {name!r}; installed are {', '.join(assembly.modules)}")
    contributed = {
        hook.removeprefix("orion_"): [_brief(item) for module, item in assembly.contributions(hook) if module == name]
        for hook in ("orion_permissions", "orion_features", "orion_menus", "orion_slots", "orion_subscribers")
    }
    routes = [f"{r['method']} {r['path']} ({r['guard']})" for r in route_rows(assembly) if r["module"] == name]
    tasks = [f"{task.name} ({task.queue})" for module, task in assembly.tasks if module == name]
    return {**row, "routes": routes, "tasks": tasks, **contributed}


def route_rows(assembly: Assembly) -> list[dict[str, str]]:
    """Return a row per route and method of all modules.

    Args:
        assembly: What is installed.
    """
    app = FastAPI()
    for gate in module_gates(assembly):
        app.include_router(gate, prefix=gate.mount_prefix)
    return [
        {
            "method": method,
            "path": f"{gate.mount_prefix}{route.path}",
            "area": str(gate.area),
            "module": gate.module,
            "guard": ", ".join(guard.permission or guard.kind for guard in guards_of(route)),
        }
        for gate, route in routes_behind_gates(app)
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or [])
    ]


def hook_rows(assembly: Assembly) -> list[dict[str, Any]]:
    """Return a row per hook with the modules that implement it.

    Args:
        assembly: What is installed.
    """
    return [
        {
            "hook": name,
            "modules": [module for module, _ in assembly.implementations(name)],
            "doc": (inspect.getdoc(getattr(hookspecs, name, None)) or "").partition("\n")[0],
        }
        for name in sorted(assembly.calls)
    ]


def switch_module(session: Session, assembly: Any, name: str, platform: str, *, on: bool) -> None:
    """Switch a module on or off for a platform, through the module that keeps the switches.

    Args:
        session: A platform-wide session.
        assembly: What is installed.
        name: The module to switch.
        platform: The platform's code.
        on: Which way.

    Raises:
        UnknownModule: If the module is not installed, or nothing installed keeps platforms.
    """
    if name not in assembly.modules:
        raise UnknownModule(f"there is no module {name!r}; installed are {', '.join(assembly.modules)}")
    directories = assembly.contributions("orion_tenants")
    if not directories:
        raise UnknownModule("no installed module keeps platforms; install orion-commerce-tenancy")
    directories[0][1].switch_module(session, platform, name, on=on)


def _brief(item: Any) -> str:
    for attribute in ("code", "id", "place"):
        if hasattr(item, attribute):
            return str(getattr(item, attribute))
    return str(item)
