"""The tenancy module's pages and API, area by area."""

from orion_core import Area, RouteSet
from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router
from orion_tenancy.routes import admin, merchant, public, store
from orion_tenancy.routes.sign_in import sign_in_router


def all_routes(limiter: LoginLimiter | None = None) -> list[RouteSet]:
    """Return the routes of all areas; every way to sign in counts in one limiter."""
    limiter = limiter or LoginLimiter.from_environment()
    site = Router()
    for part in (public.router, public.join_router(limiter), sign_in_router(limiter)):
        site.routes.extend(part.routes)
    return [
        RouteSet(area=Area.ADMIN, api=admin.api_router, pages=admin.pages_router()),
        RouteSet(area=Area.MERCHANT, pages=merchant.pages_router()),
        RouteSet(area=Area.STORE, api=store.api_router, pages=store.pages_router(limiter)),
        RouteSet(area=Area.PUBLIC, pages=site),
    ]
