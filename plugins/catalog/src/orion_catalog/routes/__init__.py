"""The catalog module's pages and API, area by area."""

from orion_catalog.routes import (
    import_api,
    import_pages,
    product_pages,
    shop_api,
    shop_pages,
    store_api,
    store_pages,
)
from orion_core import Area, RouteSet
from orion_core.web import Router


def all_routes() -> list[RouteSet]:
    """Return the routes of the store and shop areas."""
    api, pages = Router(), Router()
    for part in (store_api.router, import_api.router):
        api.routes.extend(part.routes)
    for part in (product_pages.router, store_pages.router, import_pages.router):
        pages.routes.extend(part.routes)
    return [
        RouteSet(area=Area.STORE, api=api, pages=pages),
        RouteSet(area=Area.SHOP, api=shop_api.router, pages=shop_pages.router),
    ]
