"""Parcels: planned from what is open, packed, shipped, and what becomes of them on their way."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_orders.events import FulfilmentShipped
from orion_orders.exceptions import GuardFailed, RecordNotFound, TooManyPieces
from orion_orders.machines import FULFILMENT
from orion_orders.models import Fulfilment, FulfilmentItem, Order, OrderItem
from orion_orders.schemas import TrackingInput
from orion_orders.services import stock
from orion_orders.services.orders import coming_back, get_order, items_of
from orion_orders.services.standing import credit_delivery, credit_pieces, refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import refuse_others

UNSHIPPED = ("pending", "picking", "packed")


def list_fulfilments(session: Session, order: Order) -> list[Fulfilment]:
    """Return an order's parcels in their order."""
    statement = select(Fulfilment).where(Fulfilment.order_id == order.id)
    return list(session.scalars(statement.order_by(Fulfilment.number)))


def get_fulfilment(session: Session, fulfilment_id: UUID) -> Fulfilment:
    """Return a parcel.

    Raises:
        RecordNotFound: The store has no such parcel.
    """
    found = session.scalars(select(Fulfilment).where(Fulfilment.id == fulfilment_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such parcel")
    return found


def pieces_of(session: Session, parcels: Iterable[Fulfilment]) -> dict[UUID, dict[UUID, int]]:
    """Return what is in parcels: by parcel, the pieces by item of the order."""
    inside: dict[UUID, dict[UUID, int]] = {parcel.id: {} for parcel in parcels}
    for row in session.scalars(select(FulfilmentItem).where(FulfilmentItem.fulfilment_id.in_(inside))):
        inside[row.fulfilment_id][row.item_id] = row.quantity
    return inside


def plannable(session: Session, order: Order) -> dict[UUID, int]:
    """Return the pieces, by item, that are open and in no parcel yet."""
    statement = (
        select(FulfilmentItem.item_id, func.sum(FulfilmentItem.quantity))
        .join(Fulfilment, Fulfilment.id == FulfilmentItem.fulfilment_id)
        .where(Fulfilment.order_id == order.id, Fulfilment.status.in_(UNSHIPPED))
        .group_by(FulfilmentItem.item_id)
    )
    planned = {item_id: int(pieces) for item_id, pieces in session.execute(statement)}
    left = {item.id: item.open - planned.get(item.id, 0) for item in items_of(session, order) if item.kind == "product"}
    return {item_id: pieces for item_id, pieces in left.items() if pieces}


def create_fulfilment(session: Session, order: Order, pieces: Mapping[UUID, int]) -> Fulfilment:
    """Plan a parcel.

    Args:
        session: A session of the store.
        order: A confirmed order; its row stays locked until the commit.
        pieces: What shall be in it, by item.

    Raises:
        GuardFailed: The order is not confirmed, or the parcel would be empty.
        TooManyPieces: That many pieces are not left.
    """
    session.refresh(order, with_for_update=True)
    if order.status != "confirmed":
        raise GuardFailed("only a confirmed order is shipped", source=order.status, target="shipped")
    wanted = {item_id: number for item_id, number in pieces.items() if number}
    if not wanted:
        raise GuardFailed("a parcel holds one piece at least; say how many of what")
    refuse_too_many(wanted, plannable(session, order))
    last = session.scalar(select(func.max(Fulfilment.number)).where(Fulfilment.order_id == order.id)) or 0
    carrier = order.shipping.get("carrier", "")
    fulfilment = Fulfilment(order_id=order.id, number=last + 1, carrier=carrier)
    session.add(fulfilment)
    session.flush()
    session.add_all(
        FulfilmentItem(fulfilment_id=fulfilment.id, item_id=item_id, quantity=number)
        for item_id, number in sorted(wanted.items())
    )
    record(session, order, "fulfilment", number=fulfilment.number, target="pending")
    session.flush()
    return fulfilment


def move_fulfilment(
    session: Session, fulfilment: Fulfilment, target: str, tracking: TrackingInput | None = None
) -> Fulfilment:
    """Bring a parcel into another state.

    Args:
        session: A session of the store.
        fulfilment: The parcel; its order's row stays locked until the commit.
        target: The state it shall have.
        tracking: How it travels, if that is known now.

    Raises:
        IllegalTransition: There is no such step.
        PermissionDenied: The step is not this caller's.
        GuardFailed: Its condition is not met; the message says which.
    """
    order = get_order(session, fulfilment.order_id)
    session.refresh(order, with_for_update=True)
    session.refresh(fulfilment, with_for_update=True)
    source = fulfilment.status
    refuse_others(FULFILMENT.step(source, target))
    if tracking:
        _note_tracking(fulfilment, tracking)
    fulfilment.status = target
    if target == "shipped":
        _ship(session, order, fulfilment)
    elif target == "delivered":
        fulfilment.delivered_at = datetime.now(UTC)
    elif target in ("lost", "returned_to_sender"):
        _lose(session, order, fulfilment)
    public = target in ("shipped", "delivered", "lost", "returned_to_sender")
    record(session, order, "fulfilment", public=public, number=fulfilment.number, source=source, target=target)
    refresh_standing(session, order)
    return fulfilment


def edit_tracking(session: Session, fulfilment: Fulfilment, tracking: TrackingInput) -> Fulfilment:
    """Correct how a parcel travels; what is left empty stays."""
    _note_tracking(fulfilment, tracking)
    session.flush()
    return fulfilment


def refuse_too_many(wanted: Mapping[UUID, int], there: Mapping[UUID, int]) -> None:
    """Raise if more pieces are asked for than there are.

    Args:
        wanted: Pieces by item.
        there: How many there are.

    Raises:
        TooManyPieces: Naming how many there are of each item of which too many were asked for.
    """
    short = {
        str(item_id): there.get(item_id, 0) for item_id, number in wanted.items() if number > there.get(item_id, 0)
    }
    if short:
        raise TooManyPieces(available=short)


def _note_tracking(fulfilment: Fulfilment, tracking: TrackingInput) -> None:
    fulfilment.carrier = tracking.carrier or fulfilment.carrier
    fulfilment.tracking_code = tracking.tracking_code or fulfilment.tracking_code
    fulfilment.tracking_url = str(tracking.tracking_url or fulfilment.tracking_url)


def _ship(session: Session, order: Order, fulfilment: Fulfilment) -> None:
    if order.status != "confirmed":
        raise GuardFailed("only a confirmed order is shipped", source=order.status, target="shipped")
    contents = _contents(session, fulfilment)
    for item, number in contents:
        item.shipped += number
    stock.ship(session, order.id, fulfilment.id, stock.summed((item.variant_id, number) for item, number in contents))
    fulfilment.shipped_at = datetime.now(UTC)
    publish(session, FulfilmentShipped(order_id=order.id, number=order.number, fulfilment_id=fulfilment.id))


def _lose(session: Session, order: Order, fulfilment: Fulfilment) -> None:
    """Credit a parcel that did not arrive: the seller bears that risk (directive 2011/83/EU, article 20)."""
    contents = _contents(session, fulfilment)
    announced = coming_back(session, order)
    if any(item.shipped - item.returned - announced.get(item.id, 0) < number for item, number in contents):
        raise GuardFailed("pieces of this parcel are returned or announced to be; look at the order's returns first")
    credit_pieces(session, order, {item.id: number for item, number in contents}, "lost")
    for item, number in contents:
        item.shipped -= number
        item.cancelled += number
    credit_delivery(session, order, "lost")
    if fulfilment.status == "returned_to_sender":
        goods = [(item.variant_id, number, "resellable") for item, number in contents if item.variant_id]
        stock.take_back(session, order.id, fulfilment.id, goods)


def _contents(session: Session, fulfilment: Fulfilment) -> list[tuple[OrderItem, int]]:
    statement = (
        select(OrderItem, FulfilmentItem.quantity)
        .join(FulfilmentItem, FulfilmentItem.item_id == OrderItem.id)
        .where(FulfilmentItem.fulfilment_id == fulfilment.id)
        .order_by(OrderItem.position)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
