"""The core module's pages and API: work in the background and mail for platform admins, mail for store teams."""

from orion_core import Area, RouteSet
from orion_core.routes import mail
from orion_core.routes.background import api, events, overview, runs, schedule
from orion_core.web import Router


def all_routes() -> list[RouteSet]:
    """Return the routes of all areas."""
    pages = Router()
    for router in (overview.router, runs.router, events.router, schedule.router, mail.admin_router):
        pages.routes.extend(router.routes)
    return [
        RouteSet(area=Area.ADMIN, api=api.router, pages=pages),
        RouteSet(area=Area.STORE, pages=mail.store_router),
    ]
