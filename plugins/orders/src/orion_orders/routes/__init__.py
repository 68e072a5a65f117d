"""The orders module's API and pages, area by area."""

from orion_core import Area, RouteSet
from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router
from orion_orders.routes import shop_api, shop_checkout, shop_orders, shop_pages, store_api
from orion_orders.routes.shop_withdrawal import withdrawal_pages


def all_routes() -> list[RouteSet]:
    """Return the routes of the store and shop areas."""
    shop = Router()
    for part in (
        shop_pages.router,
        shop_checkout.router,
        shop_orders.router,
        withdrawal_pages(LoginLimiter.from_environment()),
    ):
        shop.routes.extend(part.routes)
    return [
        RouteSet(area=Area.STORE, api=store_api.router),
        RouteSet(area=Area.SHOP, api=shop_api.router, pages=shop),
    ]
