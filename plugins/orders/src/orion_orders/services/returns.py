"""Goods that come back: returns, withdrawals and exchanges, from the request to the money."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_core.services.newest import take
from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.events import WithdrawalDeclared
from orion_orders.exceptions import GuardFailed, RecordNotFound
from orion_orders.machines import RETURN
from orion_orders.models import Fulfilment, Order, OrderItem, OrderReturn, ReturnItem
from orion_orders.services.cancelling import cancel_pieces, free_parcels
from orion_orders.services.fulfilments import refuse_too_many
from orion_orders.services.orders import coming_back, items_of
from orion_orders.services.standing import refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import caller


def list_returns(
    session: Session, status: str, limit: int, after: tuple[Any, ...] | None
) -> tuple[list[tuple[OrderReturn, Order]], tuple[Any, ...] | None]:
    """Return a page of the store's returns with their orders, the newest first.

    Args:
        session: A session of the store.
        status: Only those in this state; empty for all.
        limit: Rows wanted.
        after: Key of the last row seen.
    """
    statement = select(OrderReturn)
    if status:
        statement = statement.where(OrderReturn.status == status)
    found, key = take(session, statement, OrderReturn.id, UUID, after=after, limit=limit)
    orders = session.scalars(select(Order).where(Order.id.in_({each.order_id for each in found})))
    by_id = {order.id: order for order in orders}
    return [(each, by_id[each.order_id]) for each in found], key


def returns_of(session: Session, order: Order) -> list[OrderReturn]:
    """Return an order's returns in their order."""
    statement = select(OrderReturn).where(OrderReturn.order_id == order.id)
    return list(session.scalars(statement.order_by(OrderReturn.number)))


def get_return(session: Session, return_id: UUID) -> OrderReturn:
    """Return a return.

    Raises:
        RecordNotFound: The store has no such return.
    """
    found = session.scalars(select(OrderReturn).where(OrderReturn.id == return_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such return")
    return found


def return_items(session: Session, found: OrderReturn) -> list[tuple[ReturnItem, OrderItem]]:
    """Return what a return holds, with the order's items."""
    statement = (
        select(ReturnItem, OrderItem)
        .join(OrderItem, OrderItem.id == ReturnItem.item_id)
        .where(ReturnItem.return_id == found.id)
        .order_by(OrderItem.position)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def returnable(session: Session, order: Order) -> dict[UUID, int]:
    """Return the pieces, by item, that were shipped and are neither back nor announced to come back."""
    announced = coming_back(session, order)
    left = {item.id: item.shipped - item.returned - announced.get(item.id, 0) for item in items_of(session, order)}
    return {item_id: pieces for item_id, pieces in left.items() if pieces > 0}


def withdrawable(session: Session, order: Order) -> dict[UUID, int]:
    """Return the pieces, by item, of which the buyer can still withdraw from the contract.

    What has not arrived can always be; what has, until fourteen days after the last parcel (directive 2011/83/EU,
    article 9), or longer if the store says so.
    """
    if order.status not in ("pending", "confirmed", "completed"):
        return {}
    pieces = {item.id: item.open for item in items_of(session, order) if item.kind == "product" and item.open}
    if _in_time(session, order):
        for item_id, number in returnable(session, order).items():
            pieces[item_id] = pieces.get(item_id, 0) + number
    return pieces


def withdraw(session: Session, order: Order, pieces: Mapping[UUID, int]) -> OrderReturn:
    """Declare a withdrawal: what is still in the house is cancelled, what was shipped is to be sent back.

    Args:
        session: A session of the store.
        order: The order; its row stays locked until the commit.
        pieces: What the buyer does not want, by item.

    Raises:
        GuardFailed: Nothing was chosen.
        TooManyPieces: The right does not reach that far, or not any more.
    """
    session.refresh(order, with_for_update=True)
    wanted = {item_id: number for item_id, number in pieces.items() if number > 0}
    refuse_too_many(wanted, withdrawable(session, order))
    opened = {item.id: item.open for item in items_of(session, order) if item.kind == "product"}
    at_home = {item_id: min(number, opened.get(item_id, 0)) for item_id, number in wanted.items()}
    at_home = {item_id: number for item_id, number in at_home.items() if number}
    sent = {item_id: number - at_home.get(item_id, 0) for item_id, number in wanted.items()}
    found = _open_return(session, order, sent, kind="withdrawal", status="approved", reason="", chosen=bool(wanted))
    if at_home:
        free_parcels(session, order, at_home)
        found.refund_minor = cancel_pieces(session, order, at_home, "withdrawn")
    if not any(sent.values()):
        found.status = RETURN.step(found.status, "closed").target
    titles = {item.id: item.title for item in items_of(session, order)}
    chosen = [[titles[item_id], number] for item_id, number in wanted.items()]
    record(session, order, "withdrawal", public=True, number=found.number, pieces=chosen)
    publish(session, WithdrawalDeclared(order_id=order.id, number=order.number, return_id=found.id))
    refresh_standing(session, order)
    return found


def request_return(
    session: Session, order: Order, pieces: Mapping[UUID, int], *, kind: str = "return", reason: str = ""
) -> OrderReturn:
    """Announce that goods come back; what staff announce is approved.

    Args:
        session: A session of the store.
        order: The order; its row stays locked until the commit.
        pieces: What comes back, by item.
        kind: ``return`` or ``exchange``.
        reason: Why, in the buyer's words.

    Raises:
        GuardFailed: Nothing was chosen.
        TooManyPieces: That many were not shipped, or are coming back already.
    """
    session.refresh(order, with_for_update=True)
    wanted = {item_id: number for item_id, number in pieces.items() if number > 0}
    refuse_too_many(wanted, returnable(session, order))
    status = "requested" if caller() == "customer" else "approved"
    found = _open_return(session, order, wanted, kind=kind, status=status, reason=reason, chosen=bool(wanted))
    record(session, order, "return", public=True, number=found.number, target=found.status)
    session.flush()
    return found


def _in_time(session: Session, order: Order) -> bool:
    limit = timedelta(days=get_settings(session, OrdersConfig).withdrawal_days)
    statement = select(Fulfilment.delivered_at).where(
        Fulfilment.order_id == order.id, Fulfilment.status.in_(("shipped", "delivered"))
    )
    arrived = session.scalars(statement).all()
    return any(at is None or at + limit > datetime.now(UTC) for at in arrived)


def _open_return(
    session: Session, order: Order, pieces: Mapping[UUID, int], *, kind: str, status: str, reason: str, chosen: bool
) -> OrderReturn:
    if not chosen:
        raise GuardFailed("choose at least one piece")
    last = session.scalar(select(func.max(OrderReturn.number)).where(OrderReturn.order_id == order.id)) or 0
    found = OrderReturn(order_id=order.id, number=last + 1, kind=kind, status=status, reason=reason)
    session.add(found)
    session.flush()
    session.add_all(
        ReturnItem(return_id=found.id, item_id=item_id, quantity=number)
        for item_id, number in sorted(pieces.items())
        if number
    )
    session.flush()
    return found
