"""The orders module's API, area by area."""

from orion_core import Area, RouteSet
from orion_orders.routes import shop_api, store_api


def all_routes() -> list[RouteSet]:
    """Return the routes of the store and shop areas."""
    return [
        RouteSet(area=Area.STORE, api=store_api.router),
        RouteSet(area=Area.SHOP, api=shop_api.router),
    ]
