"""Builds the web application from an assembly: routes behind gates, one middleware, errors in one place."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from orion_core import Area, OrionError
from orion_core.runtime import Runtime
from orion_core.tenants import Authenticator
from orion_core.web import public
from orion_host.assembly import Assembly
from orion_host.lifecycle import running
from orion_host.web.assets import Assets
from orion_host.web.directory import CachedDirectory
from orion_host.web.gate import ModuleGate
from orion_host.web.health import health_router
from orion_host.web.machines import machines_router
from orion_host.web.metrics import metrics
from orion_host.web.middleware import ContextMiddleware
from orion_host.web.openapi import openapi_router
from orion_host.web.problems import answer_error
from orion_host.web.templates import build_templates


def create_app(assembly: Assembly, runtime: Runtime) -> FastAPI:
    """Build the web application.

    Args:
        assembly: What is installed.
        runtime: The process's runtime; its templates are set here.
    """
    assets = Assets(assembly)
    runtime = dataclasses.replace(runtime, templates=build_templates(assembly, assets, debug=runtime.debug))
    authenticators = {
        area: authenticator
        for _, authenticator in assembly.contributions("orion_authenticators")
        for area in authenticator.areas
    }
    app = FastAPI(
        title="Orion",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(assembly, runtime),
    )
    app.include_router(health_router(assembly, runtime))
    app.add_api_route("/metrics", metrics, dependencies=[public], include_in_schema=False)
    gates = module_gates(assembly)
    app.include_router(openapi_router(gates))
    app.include_router(machines_router(assembly))
    app.mount("/static", assets.files())
    for gate in gates:
        app.include_router(gate, prefix=gate.mount_prefix, tags=[gate.module])
    _answer_errors(app, authenticators)
    directories = assembly.contributions("orion_tenants")
    directory = CachedDirectory(runtime, directories[0][1] if directories else None)
    app.add_middleware(ContextMiddleware, runtime=runtime, directory=directory, authenticators=authenticators)
    return app


def module_gates(assembly: Assembly) -> list[ModuleGate]:
    """Return the modules' routes behind their gates, in the order in which they must be included.

    Args:
        assembly: Whose routes.
    """
    return [ModuleGate(placed) for placed in assembly.routers()]


def _answer_errors(app: FastAPI, authenticators: dict[Area, Authenticator]) -> None:
    async def answer(request: Request, error: Exception) -> Response:
        return answer_error(request, error, authenticators)

    for kind in (OrionError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)


def _lifespan(assembly: Assembly, runtime: Runtime) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with running(assembly, runtime, "web"):
            yield

    return lifespan
