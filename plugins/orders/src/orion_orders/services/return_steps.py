"""The steps of a return after its request: the decision, the count, the money."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_orders.events import ReturnReceived
from orion_orders.exceptions import GuardFailed
from orion_orders.machines import RETURN
from orion_orders.models import Order, OrderReturn
from orion_orders.schemas import CountedInput, PaymentInput, RefundInput
from orion_orders.services import stock
from orion_orders.services.fulfilments import refuse_too_many
from orion_orders.services.orders import get_order
from orion_orders.services.payments import record_payment
from orion_orders.services.returns import return_items
from orion_orders.services.standing import credit_delivery, credit_pieces, refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import refuse_others


def move_return(
    session: Session,
    found: OrderReturn,
    target: str,
    *,
    note: str = "",
    counted: Mapping[UUID, CountedInput] | None = None,
) -> OrderReturn:
    """Bring a return into another state.

    Args:
        session: A session of the store.
        found: The return; its order's row stays locked until the commit.
        target: The state it shall have; the money goes by ``refund_return``.
        note: What the buyer shall read about the decision.
        counted: What came back, by item; needed when it is received.

    Raises:
        IllegalTransition: There is no such step.
        PermissionDenied: The step is not this caller's.
        GuardFailed: Its condition is not met; the message says which.
        TooManyPieces: More came back than was announced.
    """
    order = get_order(session, found.order_id)
    session.refresh(order, with_for_update=True)
    session.refresh(found, with_for_update=True)
    source = found.status
    refuse_others(RETURN.step(source, target))
    if message := _refusal(found, order, target, note, counted):
        raise GuardFailed(message, source=source, target=target)
    found.status, found.decision_note = target, note or found.decision_note
    if target == "received":
        _receive(session, order, found, counted or {})
    record(session, order, "return", public=True, number=found.number, source=source, target=target)
    refresh_standing(session, order)
    return found


def refund_return(session: Session, found: OrderReturn, given: RefundInput) -> OrderReturn:
    """Write down that the money for a return was given back.

    Args:
        session: A session of the store.
        found: A received return.
        given: Which way it went, and what stands on the statement of account.

    Raises:
        IllegalTransition: It was not received, or is refunded already.
        GuardFailed: Nothing is owed.
    """
    order = get_order(session, found.order_id)
    session.refresh(order, with_for_update=True)
    session.refresh(found)
    amount = refund_due(order, found)
    if found.status == "received" and not amount:
        raise GuardFailed("nothing is owed for it; close it instead")
    moved = move_return(session, found, "refunded")
    record_payment(session, order, PaymentInput(kind="refund", amount_minor=amount, **given.model_dump()))
    return moved


def refund_due(order: Order, found: OrderReturn) -> int:
    """Return what is to be given back for a return: its worth, as far as the order is overpaid now."""
    return max(0, min(found.refund_minor, -order.due_minor))


def _refusal(
    found: OrderReturn, order: Order, target: str, note: str, counted: Mapping[UUID, CountedInput] | None
) -> str:
    """Return why a step's condition is not met; empty if it is."""
    if target == "rejected":
        return "say why" if not note else ""
    if target == "received":
        return "" if any(each.pieces for each in (counted or {}).values()) else "count what came back"
    if target == "refunded":
        return "" if refund_due(order, found) else "nothing is owed for it; close it instead"
    if target == "closed" and found.status == "received":
        return "money is owed for it; refund it" if refund_due(order, found) else ""
    return ""


def _receive(session: Session, order: Order, found: OrderReturn, counted: Mapping[UUID, CountedInput]) -> None:
    expected = return_items(session, found)
    rows = [(row, item, counted[item.id]) for row, item in expected if item.id in counted]
    announced = {item.id: row.quantity for row, item in expected}
    refuse_too_many({item_id: each.pieces for item_id, each in counted.items()}, announced)
    kind = "withdrawn" if found.kind == "withdrawal" else "returned"
    before = order.credited_minor
    credit_pieces(session, order, {item.id: each.pieces for _, item, each in rows}, kind)
    for row, item, each in rows:
        row.received, row.condition = each.pieces, each.condition
        item.returned += each.pieces
    credit_delivery(session, order, kind)
    found.received_at = datetime.now(UTC)
    found.refund_minor += order.credited_minor - before
    goods = [
        (item.variant_id, each.pieces, str(each.condition)) for _, item, each in rows if item.variant_id and each.pieces
    ]
    stock.take_back(session, order.id, found.id, goods)
    publish(session, ReturnReceived(order_id=order.id, number=order.number, return_id=found.id))
