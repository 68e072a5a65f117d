"""The module's routes: each says who may call it, and none holds up all others."""

import ast
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute

from orion_core import Area
from orion_core.web.routing import guards_of
from orion_host.kit.checks.definition import problems_at
from orion_host.kit.findings import Found, check
from orion_host.kit.sources import Source
from orion_host.kit.subject import Subject
from orion_host.web.app import module_gates
from orion_host.web.gate import routes_behind_gates

OPEN = frozenset({Area.SHOP, Area.PUBLIC})
"""Areas whose visitors hold no permissions."""
SESSIONS = frozenset({"SessionDep", "PlatformSessionDep"})
BLOCKING = frozenset({"time.sleep", "urllib.request.urlopen", "subprocess.run", "subprocess.check_output"})
BLOCKING_LIBRARIES = frozenset({"requests", "httpx", "httpx2", "psycopg", "smtplib"})
BLOCKING_CALLS = frozenset({"unit_of_work", "platform_scope", "enqueue", "publish", "audit", "get_settings", "sleep"})


def _routes(subject: Subject) -> Iterator[tuple[Area, str, object]]:
    app = FastAPI()
    for gate in module_gates(subject.assembly):
        if gate.module == subject.name:
            app.include_router(gate, prefix=gate.mount_prefix)
    for gate, route in routes_behind_gates(app):
        methods = "/".join(sorted(getattr(route, "methods", None) or ["ANY"]))
        yield gate.area, f"{methods} {gate.mount_prefix}{getattr(route, 'path', '')}", route


@check("route-guards", "Every route says who may call it")
def route_guards(subject: Subject) -> Iterator[Found]:
    """Walks the tree of routes: each declares exactly one guard, whose permission some module defines."""
    return problems_at(subject, "routes")


@check("route-areas", "A route asks for a permission of its own area", needs="assembly")
def route_areas(subject: Subject) -> Iterator[Found]:
    """Compares areas: nobody can hold a permission of another area, so such a route is shut for all but admins."""
    areas = {permission.code: permission.area for _, permission in subject.assembly.contributions("orion_permissions")}
    for area, where, route in _routes(subject):
        for guard in guards_of(route) if isinstance(route, APIRoute) else ():
            asked = areas.get(guard.permission or "", area)
            if asked is not area:
                fix = f"Ask for a permission with area=Area.{area.name}."
                yield Found(where, f"asks for {guard.permission!r}, a permission of the {asked} area.", fix)


@check("async-routes", "No asynchronous route works with the database or waits")
def async_routes(subject: Subject) -> Iterator[Found]:
    """Reads every async function of the routes: a blocking call in one holds up all requests of the process."""
    for source in subject.sources:
        if source.room == "routes":
            blocking = _own_services(source)
            for node in ast.walk(source.tree):
                if isinstance(node, ast.AsyncFunctionDef) and _is_endpoint(node):
                    yield from _blocking(source, node, blocking)


def _is_endpoint(node: ast.AsyncFunctionDef) -> bool:
    methods = {"get", "post", "put", "patch", "delete", "api_route"}
    calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in methods for call in calls)


def _own_services(source: Source) -> set[str]:
    """Return the names under which a file knows services that work with a session."""
    package = source.folder.name
    return {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}.services")
        for alias in node.names
    }


def _blocking(source: Source, endpoint: ast.AsyncFunctionDef, services: set[str]) -> Iterator[Found]:
    fix = "Write `def` instead of `async def`; the route then runs in a worker thread."
    arguments = [*endpoint.args.args, *endpoint.args.kwonlyargs]
    if any(isinstance(each.annotation, ast.Name) and each.annotation.id in SESSIONS for each in arguments):
        yield Found(source.at(endpoint), f"{endpoint.name} is asynchronous and takes a session.", fix)
        return
    for node in ast.walk(endpoint):
        if isinstance(node, ast.Call) and not _awaited(endpoint, node):
            name = ast.unparse(node.func)
            if _is_blocking(name, services, node):
                yield Found(source.at(node), f"{endpoint.name} is asynchronous and calls {name}, which blocks.", fix)


def _is_blocking(name: str, services: set[str], call: ast.Call) -> bool:
    head = name.partition(".")[0]
    takes_session = any(isinstance(each, ast.Name) and each.id == "session" for each in call.args)
    return (
        name in BLOCKING or name in BLOCKING_CALLS or head in BLOCKING_LIBRARIES or (head in services and takes_session)
    )


def _awaited(endpoint: ast.AsyncFunctionDef, call: ast.Call) -> bool:
    return any(isinstance(node, ast.Await) and node.value is call for node in ast.walk(endpoint))


CHECKS = (route_guards, route_areas, async_routes)
