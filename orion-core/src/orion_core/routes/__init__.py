"""The core module's pages and API: work in the background, for platform admins."""

from orion_core import Area, RouteSet
from orion_core.routes.background import api, events, overview, runs, schedule
from orion_core.web import Router


def all_routes() -> list[RouteSet]:
    """Return the routes of all areas."""
    pages = Router()
    for part in (overview, runs, events, schedule):
        pages.routes.extend(part.router.routes)
    return [RouteSet(area=Area.ADMIN, api=api.router, pages=pages)]
