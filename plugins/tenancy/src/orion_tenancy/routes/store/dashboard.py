"""The first page of a store's team; what stands on it is what the modules put there."""

from typing import Any

from fastapi import Request

from orion_core.web import ContextDep, Router, SessionDep, render, signed_in
from orion_tenancy.services.statistics import team_size

router = Router()


@router.get("/", dependencies=[signed_in])
def show(request: Request, session: SessionDep, context: ContextDep) -> Any:
    members, invited = team_size(session)
    variables: dict[str, Any] = {"store": context.store, "members": members, "invited": invited}
    return render(request, "tenancy/store/dashboard.html", **variables)
