"""Proof at start that every route says who may call it."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from orion_core.web.routing import guards_of
from orion_host.assembly import Assembly, AssemblyError, Problem
from orion_host.assembly.report import did_you_mean
from orion_host.web.gate import ModuleGate, routes_behind_gates


def refuse_unguarded(app: FastAPI, assembly: Assembly) -> None:
    """Raise unless every module's route declares exactly one guard whose permission exists.

    Args:
        app: The application with all routes included.
        assembly: Whose permissions are known.

    Raises:
        AssemblyError: Naming every such route and its module.
    """
    known = {permission.code for _, permission in assembly.contributions("orion_permissions")}
    problems = [
        problem for gate, route in routes_behind_gates(app) if (problem := _problem(gate, route, known)) is not None
    ]
    if problems:
        raise AssemblyError(problems)


def _problem(gate: ModuleGate, route: object, known: set[str]) -> Problem | None:
    path = f"{gate.mount_prefix}{getattr(route, 'path', '')}"
    if not isinstance(route, APIRoute):
        return _blame(gate, f"{path} is not a route that can be guarded", "Use orion_core.web.Router.")
    guards = guards_of(route)
    where = f"{'/'.join(sorted(route.methods or []))} {path}"
    if len(guards) != 1:
        hint = "Add dependencies=[requires('...')], [customer], [signed_in] or [public]."
        return _blame(gate, f"{where} declares {len(guards)} guards instead of one", hint)
    permission = guards[0].permission
    if permission is not None and permission not in known:
        return _blame(gate, f"{where} asks for unknown permission {permission!r}", did_you_mean(permission, known))
    return None


def _blame(gate: ModuleGate, fact: str, hint: str) -> Problem:
    return Problem(module=gate.module, stage="routes", message=fact, hint=hint)
