"""Platform admins see where, over all stores, a counter differs from its ledger."""

from typing import Any

from fastapi import Request

from orion_core.web import PlatformSessionDep, Router, render, requires
from orion_inventory.schemas import AdminMismatchOut
from orion_inventory.services.proof import list_mismatches

api, pages = Router(), Router()
GUARD = [requires("inventory.view_mismatches")]


@api.get("/inventory/mismatches", dependencies=GUARD)
def list_all(session: PlatformSessionDep) -> list[AdminMismatchOut]:
    """List counters of all stores that the last proof of the ledger found wrong."""
    return [AdminMismatchOut.model_validate(row) for row in list_mismatches(session)]


@pages.get("/inventory", dependencies=GUARD)
def show_all(request: Request, session: PlatformSessionDep) -> Any:
    return render(request, "inventory/admin/mismatches.html", rows=list_mismatches(session))
