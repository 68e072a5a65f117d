"""What time does to orders: which are overdue or settled, and what becomes of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.exceptions import GuardFailed
from orion_orders.machines import CART
from orion_orders.models import Cart, Fulfilment, Order
from orion_orders.services.orders import get_order
from orion_orders.services.transitions import move_order

BATCH = 500
"""Records of one store that a run takes on; the next run takes the rest."""


def stores_with(session: Session, status: str) -> list[UUID]:
    """Return the stores that have orders in a state.

    Args:
        session: A session that sees all stores.
        status: The state.
    """
    return list(session.scalars(select(Order.store_id).where(Order.status == status).distinct()))


def stores_with_own_orders(session: Session) -> list[UUID]:
    """Return the stores that have sold something here.

    Args:
        session: A session that sees all stores.
    """
    return list(session.scalars(select(Order.store_id).where(Order.channel != "import").distinct()))


def stores_with_active_carts(session: Session) -> list[UUID]:
    """Return the stores that have active carts nobody touched for a day."""
    old = Cart.updated_at < func.now() - timedelta(days=1)
    return list(session.scalars(select(Cart.store_id).where(Cart.status == "active", old).distinct()))


def due_to_expire(session: Session) -> list[UUID]:
    """Return the store's pending orders that were not paid within its limit, oldest first."""
    limit = datetime.now(UTC) - timedelta(days=get_settings(session, OrdersConfig).unpaid_days)
    statement = select(Order.id).where(Order.status == "pending", Order.placed_at <= limit)
    return list(session.scalars(statement.order_by(Order.placed_at).limit(BATCH)))


def due_to_complete(session: Session) -> list[UUID]:
    """Return the store's confirmed orders of which nothing is open and the last parcel arrived long enough ago."""
    limit = datetime.now(UTC) - timedelta(days=get_settings(session, OrdersConfig).complete_after_days)
    last = (
        select(func.max(func.coalesce(Fulfilment.delivered_at, Fulfilment.shipped_at)))
        .where(Fulfilment.store_id == Order.store_id, Fulfilment.order_id == Order.id)
        .scalar_subquery()
    )
    over = Order.fulfilment_status.in_(("delivered", "partially_returned", "returned"))
    statement = select(Order.id).where(Order.status == "confirmed", over, last <= limit)
    return list(session.scalars(statement.order_by(Order.placed_at).limit(BATCH)))


def move_if_possible(session: Session, order_id: UUID, target: str) -> None:
    """Bring an order into a state if its conditions are still met; what has changed meanwhile is left alone."""
    order = get_order(session, order_id)
    try:
        with session.begin_nested():
            move_order(session, order, target)
    except GuardFailed:
        return


def abandon_carts(session: Session) -> int:
    """Give up the store's carts that nobody touched within its limit, and return how many."""
    limit = datetime.now(UTC) - timedelta(days=get_settings(session, OrdersConfig).cart_days)
    step = CART.step("active", "abandoned")
    given_up = update(Cart).where(Cart.status == step.source, Cart.updated_at < limit).values(status=step.target)
    return len(session.scalars(given_up.returning(Cart.id)).all())
