"""The inventory module's pages and API, area by area."""

from orion_core import Area, RouteSet
from orion_core.web import Router
from orion_inventory.routes import (
    admin,
    location_pages,
    paper_api,
    stock_api,
    stock_pages,
    stocktake_pages,
    transfer_pages,
)


def all_routes() -> list[RouteSet]:
    """Return the routes of the store and admin areas."""
    api, pages = Router(), Router()
    for part in (stock_api.router, paper_api.router):
        api.routes.extend(part.routes)
    for part in (stock_pages.router, location_pages.router, transfer_pages.router, stocktake_pages.router):
        pages.routes.extend(part.routes)
    return [
        RouteSet(area=Area.STORE, api=api, pages=pages),
        RouteSet(area=Area.ADMIN, api=admin.api, pages=admin.pages),
    ]
