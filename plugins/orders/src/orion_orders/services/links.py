"""Signed links to orders: whoever has one sees the order without signing in."""

from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.signing import sign, unsign
from orion_orders.models import Order
from orion_orders.services.orders import get_order

PURPOSE = "orders.order"


def order_token(order: Order) -> str:
    """Return the token that opens an order's page, ``/orders/<token>`` in its shop.

    Args:
        order: An order of the current store.
    """
    return sign(PURPOSE, str(order.id))


def find_by_token(session: Session, token: str) -> Order:
    """Return the order a token opens.

    Args:
        session: A session of the store.
        token: Made by ``order_token``.

    Raises:
        NotFound: It is forged, or another store's.
        OrderNotFound: There is no such order any more.
    """
    return get_order(session, UUID(unsign(PURPOSE, token)))
