"""Where an order stands: its money and its delivery, worked out from counters and never set by hand."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_orders.events import OrderCredited
from orion_orders.models import Fulfilment, Order, OrderCredit, OrderItem
from orion_orders.services.pricing import part_of


def credit_pieces(session: Session, order: Order, pieces: Mapping[UUID, int], kind: str) -> int:
    """Write down that pieces need not be paid after all. To be called before their counters grow.

    Args:
        session: A session of the store.
        order: The order, locked.
        pieces: Pieces by item.
        kind: Why, one of ``CREDIT_KINDS``.

    Returns:
        What they are worth, in minor units: exactly their part of the line, discounts included.
    """
    rows = [
        _credit(session.get_one(OrderItem, (order.store_id, item)), number, kind)
        for item, number in pieces.items()
        if number
    ]
    if not rows:
        return 0
    session.add_all(rows)
    amount = sum(row.amount_minor for row in rows)
    order.credited_minor += amount
    publish(session, OrderCredited(order_id=order.id, number=order.number, amount_minor=amount))
    return amount


def credit_delivery(session: Session, order: Order, kind: str) -> None:
    """Credit the delivery, too, if the buyer keeps nothing of the goods (directive 2011/83/EU, article 13).

    Args:
        session: A session of the store.
        order: The order, locked, with its counters grown already.
        kind: Why, one of ``CREDIT_KINDS``; who returns goods of their own accord gets no delivery back.
    """
    items = session.scalars(select(OrderItem).where(OrderItem.order_id == order.id)).all()
    kept = any(item.quantity - item.cancelled - item.returned for item in items if item.kind == "product")
    if kept or kind == "returned":
        return
    delivery = [item for item in items if item.kind == "shipping" and item.open]
    credit_pieces(session, order, {item.id: item.open for item in delivery}, kind)
    for item in delivery:
        item.cancelled += item.open


def refresh_standing(session: Session, order: Order) -> None:
    """Work out the states of an order's money and delivery anew."""
    session.flush()
    items = session.scalars(select(OrderItem).where(OrderItem.order_id == order.id, OrderItem.kind == "product")).all()
    order.payment_status = payment_status(order)
    order.fulfilment_status = _fulfilment_status(session, order, items)
    session.flush()


def payment_status(order: Order) -> str:
    """Return how an order's money stands."""
    if order.refunded_minor:
        return "refunded" if order.refunded_minor == order.paid_minor else "partially_refunded"
    if order.due_minor < 0:
        return "overpaid"
    if order.due_minor == 0:
        return "paid" if order.paid_minor or not order.total_minor else "unpaid"
    return "partially_paid" if order.paid_minor else "unpaid"


def _fulfilment_status(session: Session, order: Order, items: Sequence[OrderItem]) -> str:
    shipped, returned = sum(item.shipped for item in items), sum(item.returned for item in items)
    still_open = any(item.open for item in items)
    if not shipped:
        return "unfulfilled"
    if returned:
        return "returned" if returned == shipped and not still_open else "partially_returned"
    if still_open:
        return "partial"
    on_its_way = exists().where(
        Fulfilment.store_id == order.store_id, Fulfilment.order_id == order.id, Fulfilment.status == "shipped"
    )
    return "fulfilled" if session.scalar(select(on_its_way)) else "delivered"


def _credit(item: OrderItem, pieces: int, kind: str) -> OrderCredit:
    amount = part_of(item.total_minor, item.quantity, item.cancelled + item.returned, pieces)
    return OrderCredit(order_id=item.order_id, item_id=item.id, kind=kind, pieces=pieces, amount_minor=amount)
