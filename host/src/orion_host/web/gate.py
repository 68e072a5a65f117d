"""The gate: a module's routes exist only where the module is switched on, decided while matching."""

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from orion_core.context import current_context
from orion_host.assembly.routes import PlacedRouter


class ModuleGate(APIRouter):
    """The routes of one module's router, where the web application includes them.

    It answers "no match" without looking at its routes when the path is another area's or begins with a segment
    none of them has, and when the module is switched off for the platform.

    Args:
        placed: The router with its place.
    """

    def __init__(self, placed: PlacedRouter) -> None:
        super().__init__(routes=list(placed.router.routes))
        self.module = placed.module
        self.area = placed.area
        self.kind = placed.kind
        self.mount_prefix = placed.prefix
        self._lead = placed.prefix.partition("{")[0] or "/"
        self._skip = placed.prefix.count("/") + 1
        firsts = {str(getattr(route, "path", "")).strip("/").partition("/")[0] for route in self.routes}
        self._firsts = None if any("{" in first for first in firsts) else frozenset(firsts)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope["path"]
        if not path.startswith(self._lead):
            return Match.NONE, {}
        if self._firsts is not None and _segment(path, self._skip) not in self._firsts:
            return Match.NONE, {}
        if not current_context().module_is_on(self.module):
            return Match.NONE, {}
        return super().matches(scope)


def routes_behind_gates(app: FastAPI) -> Iterator[tuple[ModuleGate, BaseRoute]]:
    """Yield every route of a module that an application includes, with its gate.

    Args:
        app: An application with gates included.
    """
    for included in app.router.routes:
        gate = getattr(included, "original_router", None)
        if isinstance(gate, ModuleGate):
            for context in iter_route_contexts([included]):
                yield gate, context.original_route


def _segment(path: str, index: int) -> str:
    parts = path.split("/", index + 1)
    return parts[index] if len(parts) > index else ""
