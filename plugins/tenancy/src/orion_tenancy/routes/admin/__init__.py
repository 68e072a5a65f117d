"""Pages and API of the admin area, put together."""

from orion_core.web import Router
from orion_tenancy.routes.account import account_router
from orion_tenancy.routes.admin import api, dashboard, merchants, modules, platforms, stores, users

api_router = api.router


def pages_router() -> Router:
    router = Router()
    for part in (dashboard, platforms, modules, merchants, stores, users):
        router.routes.extend(part.router.routes)
    router.routes.extend(account_router().routes)
    return router
