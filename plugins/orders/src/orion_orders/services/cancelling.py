"""Takes pieces out of a placed order before they leave the house."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context, use_context
from orion_orders.exceptions import GuardFailed
from orion_orders.models import Fulfilment, FulfilmentItem, Order, OrderItem
from orion_orders.services import stock
from orion_orders.services.fulfilments import UNSHIPPED, move_fulfilment, plannable, refuse_too_many
from orion_orders.services.orders import items_of
from orion_orders.services.standing import credit_delivery, credit_pieces, refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import move_order


def cancel_pieces(session: Session, order: Order, pieces: Mapping[UUID, int], kind: str = "cancelled") -> int:
    """Take pieces out of an order: they are credited, and free in stock again. With the last one the order ends.

    Args:
        session: A session of the store.
        order: A pending or confirmed order; its row stays locked until the commit.
        pieces: What shall go, by item.
        kind: Why, one of ``CREDIT_KINDS``.

    Returns:
        What is credited, delivery included, in minor units.

    Raises:
        GuardFailed: The order is not open.
        TooManyPieces: That many are not left, or are in a parcel already.
    """
    session.refresh(order, with_for_update=True)
    if order.status not in ("pending", "confirmed"):
        raise GuardFailed("only an open order can be changed", source=order.status)
    wanted = {item_id: number for item_id, number in pieces.items() if number}
    refuse_too_many(wanted, plannable(session, order))
    before = order.credited_minor
    credit_pieces(session, order, wanted, kind)
    items = [session.get_one(OrderItem, (order.store_id, item_id)) for item_id in wanted]
    for item in items:
        item.cancelled += wanted[item.id]
    credit_delivery(session, order, kind)
    stock.release(session, order.id, stock.summed((item.variant_id, wanted[item.id]) for item in items))
    record(session, order, kind, public=True, pieces=[[item.title, wanted[item.id]] for item in items])
    refresh_standing(session, order)
    if not any(item.kind == "product" and item.quantity > item.cancelled for item in items_of(session, order)):
        move_order(session, order, "cancelled", "customer" if kind == "withdrawn" else "staff")
    return order.credited_minor - before


def free_parcels(session: Session, order: Order, wanted: Mapping[UUID, int]) -> None:
    """Cancel parcels that are not on their way yet, as far as pieces in them are wanted.

    Args:
        session: A session of the store.
        order: The order, locked.
        wanted: Pieces by item.
    """
    statement = (
        select(Fulfilment)
        .where(Fulfilment.order_id == order.id, Fulfilment.status.in_(UNSHIPPED))
        .order_by(Fulfilment.number.desc())
    )
    for parcel in session.scalars(statement).all():
        there = plannable(session, order)
        short = [item_id for item_id, number in wanted.items() if number > there.get(item_id, 0)]
        holds = select(FulfilmentItem).where(
            FulfilmentItem.fulfilment_id == parcel.id, FulfilmentItem.item_id.in_(short)
        )
        if short and session.scalars(holds).first():
            with use_context(replace(current_context(), actor=SYSTEM)):
                move_fulfilment(session, parcel, "cancelled")
