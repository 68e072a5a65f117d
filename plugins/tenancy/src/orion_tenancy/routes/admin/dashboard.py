"""The first page of the admin area."""

from typing import Any

from fastapi import Request

from orion_core.web import PlatformSessionDep, Router, render, signed_in
from orion_tenancy.services.statistics import latest_merchants, overview

router = Router()


@router.get("/", dependencies=[signed_in])
def show(request: Request, session: PlatformSessionDep) -> Any:
    variables: dict[str, Any] = {"figures": overview(session), "merchants": latest_merchants(session)}
    return render(request, "tenancy/admin/dashboard.html", **variables)
