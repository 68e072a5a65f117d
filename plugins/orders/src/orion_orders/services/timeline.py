"""An order's timeline: what happened, when, by whom."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_orders.models import Order, OrderEvent


def record(session: Session, order: Order, kind: str, *, public: bool = False, **data: Any) -> OrderEvent:
    """Add to an order's timeline.

    Args:
        session: The session of the change.
        order: The order.
        kind: What kind of thing happened; see ``OrderEvent.kind``.
        public: Whether the buyer may see it.
        data: What there is to know about it, as plain values.
    """
    actor = current_context().actor or SYSTEM
    name = "" if actor.kind == "customer" else actor.name
    event = OrderEvent(
        order_id=order.id,
        kind=kind,
        data=data,
        is_public=public,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=name,
    )
    session.add(event)
    return event


def withdrawn_pieces(session: Session, order: Order, number: int) -> list[tuple[str, int]]:
    """Return what a withdrawal was about, as titles and pieces.

    Args:
        session: A session of the store.
        order: The order.
        number: The withdrawal's number among the order's returns.
    """
    statement = select(OrderEvent).where(OrderEvent.order_id == order.id, OrderEvent.kind == "withdrawal")
    for event in session.scalars(statement):
        if event.data["number"] == number:
            return [(title, pieces) for title, pieces in event.data["pieces"]]
    return []
