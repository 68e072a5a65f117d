"""Liveness and readiness: whether the process runs, and how each module of it is."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from orion_core.runtime import Runtime, use_runtime
from orion_core.services.fleet import live_processes
from orion_core.web import public
from orion_host.assembly import Assembly
from orion_host.fleet import disagreements


def health_router(assembly: Assembly, runtime: Runtime) -> APIRouter:
    """Return the routes below ``/health``.

    Args:
        assembly: Whose modules to report.
        runtime: The process's runtime.
    """
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live", dependencies=[public])
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/ready", dependencies=[public])
    async def ready() -> JSONResponse:
        report = await run_in_threadpool(readiness, assembly, runtime)
        return JSONResponse(report, status_code=503 if report["status"] == "failing" else 200)

    return router


def readiness(assembly: Assembly, runtime: Runtime) -> dict[str, Any]:
    """Return how each module is: ``ok``, ``quarantined``, why it is out, or what its health check said.

    Args:
        assembly: Whose modules to ask.
        runtime: Gives the checks their session.

    Returns:
        ``status`` is ``ok``, ``degraded`` (some module is not well) or ``failing`` (no database). ``fleet`` is there
        if live processes run different modules, and says how they differ.
    """
    out = runtime.standing.out()
    modules: dict[str, Any] = dict.fromkeys(assembly.modules, "ok") | dict.fromkeys(assembly.quarantined, "quarantined")
    modules |= out
    try:
        with use_runtime(runtime), runtime.database.platform_session() as session, session.begin():
            for module, check in assembly.contributions("orion_health"):
                if module not in out:
                    with session.begin_nested():
                        modules[module] = _ask(check, session) or modules[module]
            differences = disagreements(live_processes(session))
    except Exception as error:  # noqa: BLE001  readiness answers whatever happens
        return {"status": "failing", "reason": type(error).__name__, "modules": modules}
    well = all(state == "ok" for state in modules.values()) and not differences
    fleet = {"fleet": differences} if differences else {}
    return {"status": "ok" if well else "degraded", "modules": modules, **fleet}


def _ask(check: Any, session: Any) -> str | None:
    try:
        check.check(session)
    except Exception as error:  # noqa: BLE001  a failing check is an answer
        return f"{check.name}: {error}"
    return None
