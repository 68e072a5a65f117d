"""Pages and API of the store area, put together."""

from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router
from orion_tenancy.routes.account import account_router
from orion_tenancy.routes.public import join_router
from orion_tenancy.routes.sign_in import sign_in_router
from orion_tenancy.routes.store import api, dashboard, roles, team

api_router = api.router


def pages_router(limiter: LoginLimiter) -> Router:
    router = Router()
    shared = account_router(), sign_in_router(limiter), join_router(limiter)
    for part in (dashboard.router, team.router, roles.router, *shared):
        router.routes.extend(part.routes)
    return router
