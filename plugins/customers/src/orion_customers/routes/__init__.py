"""The customers module's routes: accounts in the shop, customers for the store's team, a search for platform admins."""

from orion_core import Area, RouteSet
from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router
from orion_customers.routes import account_pages, admin_pages, entry_pages, privacy_pages, store_api, store_pages
from orion_customers.routes.shop_api import shop_api


def all_routes() -> list[RouteSet]:
    """Return the routes of all areas; sign-ins by page and by API are counted together."""
    limiter = LoginLimiter.from_environment()
    shop = Router()
    for part in (entry_pages.router, entry_pages.login_pages(limiter), account_pages.router, privacy_pages.router):
        shop.routes.extend(part.routes)
    return [
        RouteSet(area=Area.ADMIN, pages=admin_pages.router),
        RouteSet(area=Area.SHOP, api=shop_api(limiter), pages=shop),
        RouteSet(area=Area.STORE, api=store_api.router, pages=store_pages.router),
    ]
