"""OpenAPI per module, built when first asked for: a thousand routes take seconds."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool

from orion_core import CONTRACT_VERSION
from orion_core.context import current_context
from orion_core.errors import NotFound
from orion_core.web import public
from orion_host.web.gate import ModuleGate


def openapi_router(gates: Sequence[ModuleGate]) -> APIRouter:
    """Return ``/api/v1/meta/openapi.json`` (the modules) and ``…/openapi/<module>.json`` (their documents).

    Args:
        gates: All gates; those of API routes are described.
    """
    router = APIRouter(prefix="/api/v1/meta", include_in_schema=False)
    modules = list(dict.fromkeys(gate.module for gate in gates))

    @lru_cache
    def build(module: str) -> dict[str, Any]:
        return openapi_document(module, gates)

    @router.get("/openapi.json", dependencies=[public])
    async def index() -> dict[str, str]:
        context = current_context()
        return {name: f"/api/v1/meta/openapi/{name}.json" for name in modules if context.module_is_on(name)}

    @router.get("/openapi/{module}.json", dependencies=[public])
    async def document(module: str) -> dict[str, Any]:
        if module not in modules or not current_context().module_is_on(module):
            raise NotFound(f"there is no module {module!r}")
        return await run_in_threadpool(build, module)

    return router


def openapi_document(module: str, gates: Sequence[ModuleGate]) -> dict[str, Any]:
    """Return the OpenAPI document of one module's API routes.

    Args:
        module: The module's name.
        gates: All gates.
    """
    app = FastAPI()
    for gate in gates:
        if gate.module == module and gate.kind == "api":
            app.include_router(gate, prefix=gate.mount_prefix, tags=[str(gate.area)])
    return get_openapi(
        title=f"Orion: {module}", version=CONTRACT_VERSION, routes=list(iter_route_contexts(app.router.routes))
    )
