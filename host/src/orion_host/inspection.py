"""What the assembly holds, as rows for the command line and, later, for pages."""

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from orion_core import OrionError, hookspecs
from orion_core.runtime import AssemblyView
from orion_core.services.fleet import live_processes
from orion_core.tenants import TenantDirectory
from orion_core.web.routing import guards_of
from orion_host.assembly import Assembly
from orion_host.settings import HostSettings
from orion_host.web.app import module_gates
from orion_host.web.gate import routes_behind_gates


class UnknownModule(OrionError):
    """No installed module has that name."""

    code = "unknown_module"
    status = 404


def absences(settings: HostSettings) -> dict[str, str]:
    """Return the modules that take no part in some live process, each with the reason; none if nobody can tell.

    Args:
        settings: Where the database is.
    """
    engine = create_engine(settings.require("database_platform_url"))
    try:
        with Session(engine) as session:
            return {name: reason for each in live_processes(session) for name, reason in each.out.items()}
    except DBAPIError:  # away, or not migrated yet
        return {}
    finally:
        engine.dispose()


def module_rows(assembly: Assembly, out: Mapping[str, str] = MappingProxyType({})) -> list[dict[str, Any]]:
    """Return a row per installed module, those left out included.

    Args:
        assembly: What is installed.
        out: Modules that take no part in a live process, each with the reason.
    """
    rows = [
        {
            "name": name,
            "title": module.definition.title,
            "tier": str(module.definition.tier),
            "distribution": module.distribution,
            "version": module.version,
            "requires": list(module.definition.requires),
            "summary": out.get(name, module.definition.summary),
            "state": "out" if name in out else "ok",
        }
        for name, module in assembly.modules.items()
    ]
    for name, problem in assembly.quarantined.items():
        empty: dict[str, Any] = {"title": name, "tier": "", "distribution": "", "version": "", "requires": []}
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


def tenant_directory(assembly: AssemblyView) -> TenantDirectory:
    """Return who keeps the platforms and their switches.

    Args:
        assembly: What is installed.

    Raises:
        UnknownModule: If nothing that is installed keeps platforms.
    """
    directories = assembly.contributions("orion_tenants")
    if not directories:
        raise UnknownModule("no installed module keeps platforms; install orion-commerce-tenancy")
    directory: TenantDirectory = directories[0][1]
    return directory


def _brief(item: Any) -> str:
    for attribute in ("code", "id", "place"):
        if hasattr(item, attribute):
            return str(getattr(item, attribute))
    return str(item)
