"""The lives of all modules' records as data, for clients that show what may be done next, and for people."""

from typing import Any

from fastapi import APIRouter

from orion_core.context import current_context
from orion_core.web import public
from orion_host.assembly import Assembly


def machines_router(assembly: Assembly) -> APIRouter:
    """Return ``/api/v1/meta/state-machines``.

    Args:
        assembly: Whose modules to describe; one that is off where it is asked for is left out.
    """
    router = APIRouter(prefix="/api/v1/meta", include_in_schema=False)
    machines = assembly.contributions("orion_state_machines")

    @router.get("/state-machines", dependencies=[public])
    async def state_machines() -> list[dict[str, Any]]:
        context = current_context()
        return [machine.plain() for module, machine in machines if context.module_is_on(module)]

    return router
