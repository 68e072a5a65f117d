"""An order's timeline: what happened, when, by whom."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, Actor, current_context
from orion_core.db import insert_all, unmanaged
from orion_orders.models import Order, OrderEvent


def event_of(order: Order, kind: str, *, public: bool = False, actor: Actor | None = None, **data: Any) -> OrderEvent:
    """Return a new entry for an order's timeline.

    Args:
        order: The order.
        kind: What kind of thing happened; see ``OrderEvent.kind``.
        public: Whether the buyer may see it.
        actor: Who did it; if omitted, whoever acts now.
        data: What there is to know about it, as plain values.
    """
    by = actor or current_context().actor or SYSTEM
    return unmanaged(
        OrderEvent,
        order_id=order.id,
        kind=kind,
        data=data,
        is_public=public,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name="" if by.kind == "customer" else by.name,
    )


def record(session: Session, order: Order, kind: str, *, public: bool = False, **data: Any) -> None:
    """Add to an order's timeline; see ``event_of``.

    Args:
        session: The session of the change.
        order: The order.
        kind: What kind of thing happened.
        public: Whether the buyer may see it.
        data: What there is to know about it.
    """
    insert_all(session, [event_of(order, kind, public=public, **data)])


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
