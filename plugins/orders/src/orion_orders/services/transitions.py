"""The one function that changes an order's state: legal steps only, guarded, written down and published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from orion_core import Transition
from orion_core.context import SYSTEM, current_context, use_context
from orion_core.contributions import Area
from orion_core.errors import PermissionDenied
from orion_core.events import publish
from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.events import OrderCancelled, OrderCompleted, OrderConfirmed, OrderPlaced
from orion_orders.exceptions import GuardFailed
from orion_orders.machines import FULFILMENT, ORDER
from orion_orders.models import Fulfilment, Order, OrderReturn
from orion_orders.models.orders import CANCEL_REASONS
from orion_orders.services import stock
from orion_orders.services.offers import give_back_promotion, use_promotion
from orion_orders.services.orders import items_of
from orion_orders.services.standing import credit_pieces, refresh_standing
from orion_orders.services.timeline import record

Guard = Callable[[Session, Order], str]
ENDED = ("cancelled", "declined", "expired")


def move_order(session: Session, order: Order, target: str, reason: str | None = None) -> Order:
    """Bring an order into another state.

    Args:
        session: A session of the store.
        order: The order; its row stays locked until the commit.
        target: The state it shall have.
        reason: Why it ends, one of ``CANCEL_REASONS``; needed to cancel.

    Raises:
        IllegalTransition: There is no such step.
        PermissionDenied: The step is not this caller's.
        GuardFailed: Its condition is not met; the message says which.
    """
    session.refresh(order, with_for_update=True)
    source, step = order.status, ORDER.step(order.status, target)
    refuse_others(step)
    if message := _refusal(session, order, target, reason):
        raise GuardFailed(message, source=source, target=target)
    order.status = target
    now = datetime.now(UTC)
    if target in ENDED:
        _end(session, order, source, reason or target)
    elif target == "confirmed":
        order.confirmed_at = now
        publish(session, confirmed_event(order))
    elif target == "completed":
        order.completed_at = now
        publish(session, OrderCompleted(order_id=order.id, number=order.number))
    elif target == "pending":
        order.placed_at = now
        if order.promotion:
            use_promotion(session, UUID(order.promotion["id"]))
        stock.allocate(session, order.id, None, _open_pieces(session, order))
        publish(session, placed_event(order))
    record(session, order, "status", public=True, source=source, target=target, reason=reason)
    refresh_standing(session, order)
    return order


def waits_for_money(due_minor: int, config: OrdersConfig) -> bool:
    """Tell whether a store keeps an order until it is paid.

    Args:
        due_minor: What is still to be paid, in minor units.
        config: The store's settings.
    """
    return due_minor > 0 and config.require_payment


def confirm_if_due(session: Session, order: Order) -> None:
    """Confirm a pending order by itself, if it is paid or the store delivers before payment."""
    if order.status == "pending" and not _paid(session, order):
        with use_context(replace(current_context(), actor=SYSTEM)):
            move_order(session, order, "confirmed")


def placed_event(order: Order) -> OrderPlaced:
    """Return the event that an order was placed."""
    return OrderPlaced(
        order_id=order.id,
        number=order.number,
        channel=order.channel,
        total_minor=order.total_minor,
        currency=order.currency,
    )


def confirmed_event(order: Order) -> OrderConfirmed:
    """Return the event that an order was confirmed."""
    return OrderConfirmed(order_id=order.id, number=order.number)


def _end(session: Session, order: Order, source: str, reason: str) -> None:
    """Give back what an order held: its promotion, then the pieces not shipped. Placing locks in this order, too."""
    order.cancelled_at, order.cancel_reason = datetime.now(UTC), reason
    if order.promotion and source != "draft":
        give_back_promotion(session, UUID(order.promotion["id"]))
    if source != "draft":
        stock.release(session, order.id, _open_pieces(session, order))
    items = items_of(session, order)
    credit_pieces(session, order, {item.id: item.open for item in items}, "cancelled")
    for item in items:
        item.cancelled += item.open
    planned = select(Fulfilment).where(Fulfilment.order_id == order.id, Fulfilment.status == "pending")
    for parcel in session.scalars(planned):
        parcel.status = FULFILMENT.step(parcel.status, "cancelled").target
    event = OrderCancelled(order_id=order.id, number=order.number, status=order.status, reason=reason)
    publish(session, event)


def refuse_others(step: Transition) -> None:
    """Raise unless a step is the caller's.

    Raises:
        PermissionDenied: It is somebody else's.
    """
    if caller() not in step.who:
        raise PermissionDenied


def caller() -> str:
    """Return who acts, as the machines name them; a guest in a shop is a customer."""
    context = current_context()
    if context.actor is None:
        return "customer" if context.area is Area.SHOP else "system"
    return {"customer": "customer", "system": "system"}.get(context.actor.kind, "staff")


def _refusal(session: Session, order: Order, target: str, reason: str | None) -> str:
    """Return why a step's condition is not met; empty if it is."""
    if target == "cancelled" and reason not in CANCEL_REASONS:
        return f"say why, with one of: {', '.join(CANCEL_REASONS)}"
    guard = _GUARDS.get(target)
    return guard(session, order) if guard else ""


def _ready(session: Session, order: Order) -> str:
    there = order.shipping_address and order.shipping and order.terms_version and items_of(session, order)
    return "" if there else "lines, addresses, way of delivery and accepted terms have to be there"


def _paid(session: Session, order: Order) -> str:
    owed = waits_for_money(order.due_minor, get_settings(session, OrdersConfig))
    return "this store delivers paid orders only, and this one is not paid" if owed else ""


def _overdue(session: Session, order: Order) -> str:
    limit = timedelta(days=get_settings(session, OrdersConfig).unpaid_days)
    placed = order.placed_at or datetime.now(UTC)
    if order.due_minor > 0 and placed + limit <= datetime.now(UTC):
        return ""
    return "the order is paid, or there is still time to pay it"


def _unshipped(session: Session, order: Order) -> str:
    if any(item.shipped for item in items_of(session, order)):
        return "something was shipped already; take it back as a return"
    packing = exists().where(
        Fulfilment.store_id == order.store_id,
        Fulfilment.order_id == order.id,
        Fulfilment.status.not_in(("pending", "cancelled")),
    )
    return "a parcel is being made ready; cancel it first" if session.scalar(select(packing)) else ""


def _settled(session: Session, order: Order) -> str:
    if any(item.kind == "product" and item.open for item in items_of(session, order)):
        return "not every piece is shipped or cancelled"
    on_its_way = exists().where(
        Fulfilment.store_id == order.store_id,
        Fulfilment.order_id == order.id,
        Fulfilment.status.in_(("pending", "picking", "packed", "shipped")),
    )
    coming_back = exists().where(
        OrderReturn.store_id == order.store_id,
        OrderReturn.order_id == order.id,
        OrderReturn.status.not_in(("rejected", "refunded", "closed")),
    )
    if session.scalar(select(on_its_way)):
        return "a parcel is still on its way"
    if session.scalar(select(coming_back)):
        return "a return is still open"
    return "the money is not balanced" if order.due_minor else ""


_GUARDS: dict[str, Guard] = {
    "pending": _ready,
    "confirmed": _paid,
    "expired": _overdue,
    "declined": _unshipped,
    "cancelled": _unshipped,
    "completed": _settled,
}


def _open_pieces(session: Session, order: Order) -> dict[UUID, int]:
    return stock.summed((item.variant_id, item.open) for item in items_of(session, order))
