"""What a buyer sees of an order beside its lines: parcels, how far it is, and what can still be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_customers.api import normalise_email
from orion_orders.machines import ORDER
from orion_orders.models import Fulfilment, Order, OrderEvent, OrderItem
from orion_orders.services.fulfilments import list_fulfilments, pieces_of
from orion_orders.services.orders import timeline_of

STEPS = ("ordered", "confirmed", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel with what is in it, as titles and pieces."""

    fulfilment: Fulfilment
    goods: list[tuple[str, int]]


def parcels_of(session: Session, order: Order, items: Sequence[OrderItem]) -> list[Parcel]:
    """Return an order's parcels, those that were given up left out."""
    titles = {item.id: item.title for item in items}
    parcels = [parcel for parcel in list_fulfilments(session, order) if parcel.status != "cancelled"]
    inside = pieces_of(session, parcels)
    return [
        Parcel(parcel, sorted((titles[item_id], number) for item_id, number in inside[parcel.id].items()))
        for parcel in parcels
    ]


def story_of(session: Session, order: Order) -> list[OrderEvent]:
    """Return what its buyer may read of an order's timeline, newest first."""
    return [event for event in reversed(timeline_of(session, order)) if event.is_public]


def steps_done(order: Order) -> int:
    """Return how many of ``STEPS`` an order has behind it."""
    arrived = order.fulfilment_status in ("delivered", "partially_returned", "returned")
    if order.status == "completed" or arrived:
        return 4
    if order.fulfilment_status in ("partial", "fulfilled"):
        return 3
    return 2 if order.confirmed_at else 1


def can_cancel(order: Order, items: Iterable[OrderItem], parcels: Iterable[Fulfilment]) -> bool:
    """Tell whether the buyer can still cancel: nothing was shipped or is being made ready."""
    if "cancelled" not in ORDER.next(order.status) or any(item.shipped for item in items):
        return False
    return all(parcel.status in ("pending", "cancelled") for parcel in parcels)


def find_by_number(session: Session, number: str, email: str) -> Order | None:
    """Return the order of a number, if it was placed under an address."""
    try:
        address = normalise_email(email)
    except ValueError:
        return None
    statement = select(Order).where(Order.number == number.strip().upper(), Order.email == address)
    return session.scalars(statement).one_or_none()
