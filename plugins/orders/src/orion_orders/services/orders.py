"""Finds orders: one, a store's list, and those of a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from orion_core.services.newest import take
from orion_orders.exceptions import OrderNotFound
from orion_orders.models import Order, OrderEvent, OrderItem, OrderReturn, ReturnItem


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """What a list of orders is narrowed to; empty means all.

    Args:
        q: An order's number, or the buyer's whole address.
        status: The order's state.
        payment_status: State of its money.
        fulfilment_status: State of its delivery.
        customer_id: Whose orders.
    """

    q: str = ""
    status: str = ""
    payment_status: str = ""
    fulfilment_status: str = ""
    customer_id: UUID | None = None


def list_orders(
    session: Session, query: OrderQuery, limit: int, after: tuple[Any, ...] | None
) -> tuple[list[Order], tuple[Any, ...] | None]:
    """Return a page of orders, the newest first, and the key the next page starts after.

    Args:
        session: A session of the store.
        query: What to look for.
        limit: Rows wanted.
        after: Key of the last row seen.
    """
    statement = select(Order)
    for column in ("status", "payment_status", "fulfilment_status", "customer_id"):
        if value := getattr(query, column):
            statement = statement.where(getattr(Order, column) == value)
    if words := query.q.strip():
        statement = statement.where(or_(Order.number == words.upper(), Order.email == words.lower()))
    return take(session, statement, Order.id, UUID, after=after, limit=limit)


def get_order(session: Session, order_id: UUID) -> Order:
    """Return an order of the current store.

    Raises:
        OrderNotFound: There is none.
    """
    order = session.scalars(select(Order).where(Order.id == order_id)).one_or_none()
    if order is None:
        raise OrderNotFound
    return order


def items_of(session: Session, order: Order) -> list[OrderItem]:
    """Return an order's lines in their order."""
    statement = select(OrderItem).where(OrderItem.order_id == order.id)
    return list(session.scalars(statement.order_by(OrderItem.position)))


def coming_back(session: Session, order: Order) -> dict[UUID, int]:
    """Return the pieces, by item, that are announced to come back and were not counted yet."""
    statement = (
        select(ReturnItem.item_id, func.sum(ReturnItem.quantity))
        .join(OrderReturn, OrderReturn.id == ReturnItem.return_id)
        .where(OrderReturn.order_id == order.id, OrderReturn.status.in_(("requested", "approved", "in_transit")))
        .group_by(ReturnItem.item_id)
    )
    return {item_id: int(pieces) for item_id, pieces in session.execute(statement)}


def timeline_of(session: Session, order: Order) -> list[OrderEvent]:
    """Return what happened to an order, oldest first."""
    statement = select(OrderEvent).where(OrderEvent.order_id == order.id)
    return list(session.scalars(statement.order_by(OrderEvent.at, OrderEvent.id)))


def attach_guest_orders(session: Session, customer_id: UUID, email: str) -> int:
    """Give a customer the orders that were placed without an account under an address proven to be theirs.

    Args:
        session: A session of the store.
        customer_id: The customer.
        email: The address, in lower case.

    Returns:
        How many orders.
    """
    theirs = update(Order).where(Order.email == email, Order.customer_id.is_(None)).values(customer_id=customer_id)
    return len(session.scalars(theirs.returning(Order.id)).all())
