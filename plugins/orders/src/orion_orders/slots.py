"""What orders adds to other modules' pages: the cart, a customer's latest orders, figures for the team.

A fragment gets a session, but neither the product nor the request of its page; those it hands to these functions.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core import Slot
from orion_core.db import unit_of_work
from orion_orders.models import Order
from orion_orders.services import stock
from orion_orders.services.desk import figures
from orion_orders.services.links import order_token
from orion_orders.services.orders import OrderQuery, list_orders
from orion_orders.services.shopping import cookie_name, customer_id, pieces_in_cart

LATEST = 3


def slots() -> list[Slot]:
    """Return the module's fragments."""
    return [
        Slot(place="shop.header", template="orders/slots/cart.html", context=_cart, order=90),
        Slot(place="shop.product.buy", template="orders/slots/buy.html", context=_buy),
        Slot(place="shop.account.menu", template="orders/slots/menu.html", order=50),
        Slot(place="shop.account.main", template="orders/slots/latest.html", context=_latest),
        Slot(place="shop.footer", template="orders/slots/footer.html", order=80),
        _for_team("store.customer.main", "orders/slots/customer.html", _customers),
        _dashboard("store.dashboard.stats", "orders/slots/stats.html"),
        _dashboard("store.dashboard.main", "orders/slots/takings.html"),
    ]


def _dashboard(place: str, template: str) -> Slot:
    return _for_team(place, template, figures)


def _for_team(place: str, template: str, context: Callable[[Session], dict[str, Any]]) -> Slot:
    return Slot(place=place, template=template, context=context, order=100, permission="orders.view_orders")


def _customers(session: Session) -> dict[str, Any]:
    def orders_of(customer: UUID) -> list[Order]:
        return list_orders(session, OrderQuery(customer_id=customer), LATEST, None)[0]

    return {"orders_of": orders_of}


def _cart(_session: Session) -> dict[str, Any]:
    return {"pieces_in_cart": _pieces}


def _pieces(cookies: Mapping[str, str]) -> int:
    token = cookies.get(cookie_name())
    if token is None and customer_id() is None:
        return 0
    with unit_of_work() as session:
        return pieces_in_cart(session, token)


def _buy(_session: Session) -> dict[str, Any]:
    return {"offers_of": _offers}


def _offers(variants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a product's variants with how many are left, where somebody counts them."""
    with unit_of_work() as session:
        pieces = stock.available(session, [UUID(variant["id"]) for variant in variants])
    offers = []
    for variant in variants:
        left = pieces.get(UUID(variant["id"]))
        is_out = variant["availability"] == "out_of_stock" if left is None else left <= 0
        offers.append({**variant, "left": left, "is_out": is_out})
    return offers


def _latest(session: Session) -> dict[str, Any]:
    if (customer := customer_id()) is None:
        return {"orders": []}
    rows, _more = list_orders(session, OrderQuery(customer_id=customer), LATEST, None)
    return {"orders": [(order, order_token(order)) for order in rows]}
