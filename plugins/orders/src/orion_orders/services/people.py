"""What orders know about a person: handed out on request, and scrubbed while amounts and tax stay."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from orion_orders.models import Cart, Order
from orion_orders.schemas import ItemOut, PlacedOut
from orion_orders.services.orders import items_of

SCRUBBED = ("name", "company", "line1", "line2", "postal_code", "city", "phone")


def export_person(session: Session, customer_id: UUID | None, email: str) -> dict[str, Any]:
    """Return a person's orders as plain values.

    Args:
        session: A session of the store.
        customer_id: The account, if there is one.
        email: The verified address, in lower case.
    """
    orders = session.scalars(select(Order).where(_theirs(customer_id, email)).order_by(Order.id)).all()
    found = []
    for order in orders:
        answer = PlacedOut.model_validate(order)
        answer.items = [ItemOut.model_validate(item) for item in items_of(session, order)]
        found.append(answer.model_dump(mode="json"))
    return {"orders": found}


def erase_person(session: Session, customer_id: UUID | None, email: str) -> dict[str, int]:
    """Scrub name, address and e-mail from a person's orders, and remove their carts.

    The country of delivery stays: it decided the tax.

    Args:
        session: A session of the store.
        customer_id: The account, if there is one.
        email: The verified address, in lower case.

    Returns:
        What was done, as counts.
    """
    orders = session.scalars(select(Order).where(_theirs(customer_id, email)).with_for_update()).all()
    for order in orders:
        order.email, order.note = None, ""
        order.shipping_address = _scrubbed(order.shipping_address)
        order.billing_address = _scrubbed(order.billing_address)
    mine = or_(Cart.email == email, Cart.customer_id == customer_id) if customer_id else Cart.email == email
    carts = session.scalars(delete(Cart).where(mine).returning(Cart.id)).all()
    session.flush()
    return {"orders made anonymous": len(orders), "carts removed": len(carts)}


def _theirs(customer_id: UUID | None, email: str) -> ColumnElement[bool]:
    by_email = Order.email == email
    return or_(by_email, Order.customer_id == customer_id) if customer_id else by_email


def _scrubbed(address: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if address is None else {**address, **dict.fromkeys(SCRUBBED, "")}
