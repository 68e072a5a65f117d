"""The orders module's API and pages, area by area."""

from orion_core import Area, RouteSet
from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router
from orion_orders.routes import (
    admin_pages,
    edit_api,
    edit_pages,
    fulfilment_api,
    fulfilment_pages,
    invoice_api,
    invoice_pages,
    offer_api,
    offer_pages,
    return_api,
    return_pages,
    seller_pages,
    shop_api,
    shop_checkout,
    shop_orders,
    shop_pages,
    store_api,
    store_pages,
)
from orion_orders.routes.shop_withdrawal import withdrawal_pages

STORE_API = (store_api, fulfilment_api, return_api, edit_api, invoice_api, offer_api)
# "/orders/new" stands before "/orders/{order_id}".
STORE_PAGES = (edit_pages, store_pages, fulfilment_pages, return_pages, seller_pages, invoice_pages, offer_pages)


def all_routes() -> list[RouteSet]:
    """Return the routes of the admin, store and shop areas."""
    withdrawal = withdrawal_pages(LoginLimiter.from_environment())
    shop = _joined(shop_pages.router, shop_checkout.router, shop_orders.router, withdrawal)
    return [
        RouteSet(area=Area.ADMIN, pages=admin_pages.router),
        RouteSet(
            area=Area.STORE,
            api=_joined(*(part.router for part in STORE_API)),
            pages=_joined(*(part.router for part in STORE_PAGES)),
        ),
        RouteSet(area=Area.SHOP, api=shop_api.router, pages=shop),
    ]


def _joined(*parts: Router) -> Router:
    whole = Router()
    for part in parts:
        whole.routes.extend(part.routes)
    return whole
