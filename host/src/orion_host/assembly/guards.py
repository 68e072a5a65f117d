"""Proof that every route says who may call it: exactly one guard, whose permission some module defines."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from orion_host.assembly.report import Problem, did_you_mean

if TYPE_CHECKING:
    from orion_host.assembly.routes import Route


def unguarded(routes: "Iterable[Route]", known: Collection[str], unexamined: Collection[str]) -> Iterator[Problem]:
    """Find routes without a guard, with several, or with one that nobody can pass.

    Args:
        routes: All routes.
        known: Codes of the permissions that modules define.
        unexamined: Installed modules whose permissions are not known; they are not called unknown.
    """
    for route in routes:
        fact, hint = _fault(route, known, unexamined)
        if fact:
            yield Problem(module=route.placed.module, stage="routes", message=fact, hint=hint)


def _fault(route: "Route", known: Collection[str], unexamined: Collection[str]) -> tuple[str, str]:
    # Workers assemble without routes and do without FastAPI.
    from fastapi.routing import APIRoute  # noqa: PLC0415

    from orion_core.web.routing import guards_of  # noqa: PLC0415

    if not isinstance(route.declared, APIRoute):
        return f"{route.path} is not a route that can be guarded", "Use orion_core.web.Router."
    guards, where = guards_of(route.declared), f"{'/'.join(sorted(route.methods))} {route.path}"
    if len(guards) != 1:
        hint = "Add dependencies=[requires('...')], [customer], [signed_in] or [public]."
        return f"{where} declares {len(guards)} guards instead of one", hint
    permission = guards[0].permission
    if permission is None or permission in known or permission.partition(".")[0] in unexamined:
        return "", ""
    return f"{where} asks for unknown permission {permission!r}", did_you_mean(permission, known)
