"""Edits of a placed order: worked out and shown first, then applied whole or not at all."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_catalog.api import SaleItem, get_variant
from orion_core.context import SYSTEM, current_context
from orion_core.db import insert_all
from orion_core.events import publish
from orion_customers.api import TaxNumberRef
from orion_orders.events import OrderEdited
from orion_orders.exceptions import GuardFailed, NotForSale, RecordNotFound
from orion_orders.machines import CHANGE
from orion_orders.models import Order, OrderChange, OrderItem
from orion_orders.schemas import AddedInput, ChangeInput
from orion_orders.services import stock
from orion_orders.services.cancelling import cancel_pieces
from orion_orders.services.fulfilments import plannable, refuse_too_many
from orion_orders.services.items import item_of, wanted_of
from orion_orders.services.orders import get_order, items_of
from orion_orders.services.pricing import Basket, part_of, price
from orion_orders.services.returns import get_return
from orion_orders.services.selling import buyer_of, selling
from orion_orders.services.standing import refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import refuse_others


def get_change(session: Session, change_id: UUID) -> OrderChange:
    """Return a change.

    Raises:
        RecordNotFound: The store has no such change.
    """
    found = session.scalars(select(OrderChange).where(OrderChange.id == change_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such change")
    return found


def changes_of(session: Session, order: Order) -> list[OrderChange]:
    """Return an order's changes, oldest first."""
    statement = select(OrderChange).where(OrderChange.order_id == order.id)
    return list(session.scalars(statement.order_by(OrderChange.created_at, OrderChange.id)))


def draft_change(session: Session, order: Order, given: ChangeInput) -> OrderChange:
    """Work out what an edit would cost. Nothing of the order changes yet.

    Args:
        session: A session of the store.
        order: A pending or confirmed order.
        given: What shall go and come.

    Raises:
        GuardFailed: The order is not open, or nothing would change.
        TooManyPieces: Pieces shall go that are not there, or are in a parcel.
        NotForSale: An article is not on sale.
    """
    if order.status not in ("pending", "confirmed"):
        raise GuardFailed("only an open order can be changed", source=order.status)
    cancel = {item_id: number for item_id, number in given.cancel.items() if number}
    if not cancel and not given.add:
        raise GuardFailed("say what shall be added or taken out")
    if given.return_id is not None and get_return(session, given.return_id).order_id != order.id:
        raise RecordNotFound("there is no such return of this order")
    actions: list[dict[str, Any]] = [
        *({"cancel": str(item_id), "quantity": number} for item_id, number in sorted(cancel.items())),
        *({"add": str(each.variant_id), "quantity": each.quantity} for each in given.add),
    ]
    actor = current_context().actor or SYSTEM
    change = OrderChange(
        order_id=order.id,
        return_id=given.return_id,
        actions=actions,
        note=given.note,
        delta_minor=_delta(session, order, actions),
        actor_name=actor.name,
    )
    session.add(change)
    session.flush()
    return change


def move_change(session: Session, change: OrderChange, target: str) -> OrderChange:
    """Bring a change into another state; confirmed, it is applied.

    Args:
        session: A session of the store.
        change: The change; its order's row stays locked until the commit.
        target: The state it shall have.

    Raises:
        IllegalTransition: There is no such step.
        PermissionDenied: The step is not this caller's.
        GuardFailed: It would cost something else than was shown.
        OutOfStock: There is not enough left of what shall be added.
        TooManyPieces: What shall go is not there any more.
    """
    order = get_order(session, change.order_id)
    session.refresh(order, with_for_update=True)
    session.refresh(change, with_for_update=True)
    source = change.status
    refuse_others(CHANGE.step(source, target))
    if target in ("requested", "confirmed"):
        delta = _delta(session, order, change.actions)
        if delta != change.delta_minor:
            raise GuardFailed("a price has changed since this was worked out; make a new one", delta_minor=delta)
    change.status = target
    if target == "confirmed":
        _apply(session, order, change)
    public = target in ("requested", "confirmed", "declined")
    record(session, order, "change", public=public, source=source, target=target, delta_minor=change.delta_minor)
    session.flush()
    return change


def _delta(session: Session, order: Order, actions: list[dict[str, Any]]) -> int:
    items = {item.id: item for item in items_of(session, order)}
    cancel = _cancelled(actions)
    refuse_too_many(cancel, plannable(session, order))
    less = sum(_worth(items[item_id], number) for item_id, number in cancel.items())
    return _basket(session, order, actions).total_minor - less


def _worth(item: OrderItem, number: int) -> int:
    return part_of(item.total_minor, item.quantity, item.cancelled + item.returned, number)


def _basket(session: Session, order: Order, actions: list[dict[str, Any]]) -> Basket:
    """Price what shall be added as of today, for the order's buyer."""
    how = selling(session)
    wanted = []
    for each in _added(actions):
        item = get_variant(session, each.variant_id)
        _refuse_unsellable(item, order)
        wanted.append(wanted_of(item, each.quantity))
    number = None
    if order.tax_number:
        number = TaxNumberRef(
            value=order.tax_number, country=order.tax_number[:2], status=order.tax_number_status or "unchecked"
        )
    buyer = buyer_of(order.shipping_address, number, how.seller)
    return price(wanted, currency=order.currency, seller=how.seller, buyer=buyer, on=datetime.now(UTC).date())


def _refuse_unsellable(item: SaleItem, order: Order) -> None:
    if not item.is_sellable or item.currency != order.currency:
        raise NotForSale(f"{item.title} is not on sale any more")


def _apply(session: Session, order: Order, change: OrderChange) -> None:
    """Add first, so that an order never becomes empty and ends; then take out.

    These are two steps in stock, so the articles of both are locked together beforehand. Otherwise two edits that swap
    articles would each hold the one that the other waits for.
    """
    basket, cancel = _basket(session, order, change.actions), _cancelled(change.actions)
    gone = [item.variant_id for item in items_of(session, order) if item.id in cancel]
    stock.lock(session, [*gone, *(line.wanted.variant_id for line in basket.lines)])
    if basket.lines:
        _append(session, order, basket)
    if cancel:
        cancel_pieces(session, order, cancel)
    refresh_standing(session, order)
    publish(session, OrderEdited(order_id=order.id, number=order.number, total_minor=order.total_minor))


def _append(session: Session, order: Order, basket: Basket) -> None:
    last = session.scalar(select(func.max(OrderItem.position)).where(OrderItem.order_id == order.id)) or 0
    insert_all(session, [item_of(order, place, line) for place, line in enumerate(basket.lines, start=last + 1)])
    for column in ("goods_minor", "net_minor", "tax_minor", "rounding_minor", "total_minor"):
        setattr(order, column, getattr(order, column) + getattr(basket, column))
    session.flush()
    demand = stock.summed((line.wanted.variant_id, line.wanted.quantity) for line in basket.lines)
    stock.allocate(session, order.id, None, demand)


def _cancelled(actions: list[dict[str, Any]]) -> Mapping[UUID, int]:
    return {UUID(action["cancel"]): action["quantity"] for action in actions if "cancel" in action}


def _added(actions: list[dict[str, Any]]) -> list[AddedInput]:
    return [
        AddedInput(variant_id=UUID(action["add"]), quantity=action["quantity"]) for action in actions if "add" in action
    ]
