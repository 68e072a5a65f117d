"""Money that somebody writes down by hand: what came in, and what went back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.events import publish
from orion_orders.events import PaymentRecorded
from orion_orders.exceptions import GuardFailed, TooMuchMoney
from orion_orders.models import Order, OrderPayment
from orion_orders.schemas import PaymentInput
from orion_orders.services.standing import refresh_standing
from orion_orders.services.timeline import record
from orion_orders.services.transitions import confirm_if_due

MAX_MINOR = 2**31 - 1


def record_payment(session: Session, order: Order, given: PaymentInput) -> OrderPayment:
    """Write down a payment or a refund; a pending order that is paid now is confirmed.

    Args:
        session: A session of the store.
        order: The order; its row stays locked until the commit.
        given: How much, which way, and what stands on the statement of account.

    Raises:
        GuardFailed: The order is a draft.
        TooMuchMoney: More would be given back than was paid and not given back yet.
    """
    session.refresh(order, with_for_update=True)
    kind, amount_minor = given.kind, given.amount_minor
    if order.status == "draft":
        raise GuardFailed("a draft is not paid; place it first")
    if kind == "refund":
        left = order.paid_minor - order.refunded_minor
        if amount_minor > left:
            raise TooMuchMoney(available_minor=left)
        order.refunded_minor += amount_minor
    else:
        if order.paid_minor + amount_minor > MAX_MINOR:
            raise TooMuchMoney(available_minor=MAX_MINOR - order.paid_minor)
        order.paid_minor += amount_minor
    actor = current_context().actor or SYSTEM
    payment = OrderPayment(order_id=order.id, actor_name=actor.name, **given.model_dump())
    session.add(payment)
    record(session, order, kind, public=True, amount_minor=amount_minor, currency=order.currency, method=given.method)
    refresh_standing(session, order)
    what = {"kind": kind, "amount_minor": amount_minor, "due_minor": order.due_minor}
    publish(session, PaymentRecorded(order_id=order.id, number=order.number, **what))
    confirm_if_due(session, order)
    return payment


def list_payments(session: Session, order: Order) -> list[OrderPayment]:
    """Return an order's payments and refunds, oldest first."""
    statement = select(OrderPayment).where(OrderPayment.order_id == order.id)
    return list(session.scalars(statement.order_by(OrderPayment.at, OrderPayment.id)))
