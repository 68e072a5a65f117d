"""Pages of the merchant area: a merchant's stores at a glance."""

from typing import Any

from fastapi import Request

from orion_core.web import ContextDep, PlatformSessionDep, Router, SessionDep, render, requires, signed_in
from orion_tenancy.routes.account import account_router
from orion_tenancy.services.statistics import stores_with_teams
from orion_tenancy.services.stores import list_stores

router = Router()


@router.get("/", dependencies=[signed_in])
def show(request: Request, session: SessionDep, context: ContextDep) -> Any:
    merchant = context.tenant.merchant if context.tenant else None
    variables: dict[str, Any] = {"merchant": merchant, "stores": list_stores(session, limit=100)[0]}
    return render(request, "tenancy/merchant/dashboard.html", **variables)


@router.get("/stores", dependencies=[requires("tenancy.view_stores")])
def show_stores(request: Request, session: PlatformSessionDep, context: ContextDep) -> Any:
    stores = stores_with_teams(session, context.merchant_id)
    return render(request, "tenancy/merchant/stores.html", stores=stores)


def pages_router() -> Router:
    pages = Router()
    pages.routes.extend([*router.routes, *account_router().routes])
    return pages
