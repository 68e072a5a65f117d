"""The store team's API: orders, their timeline, and the steps they take."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from orion_core.web import CursorDep, Page, Router, SessionDep, next_cursor, requires
from orion_orders.routes.answers import order_out
from orion_orders.schemas import (
    CancelInput,
    FulfilmentStatus,
    OrderOut,
    OrderRow,
    PaymentStatus,
    Status,
)
from orion_orders.services import orders
from orion_orders.services.transitions import move_order

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]
CANCEL = [requires("orders.cancel_orders")]


@router.get("/orders", dependencies=VIEW)
def list_orders(
    *,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200, description="An order's number or the buyer's address")] = "",
    status: Status | None = None,
    payment_status: PaymentStatus | None = None,
    fulfilment_status: FulfilmentStatus | None = None,
    customer_id: UUID | None = None,
) -> Page[OrderRow]:
    """List orders, the newest first."""
    query = orders.OrderQuery(
        q=q.replace("\0", ""),
        status=status or "",
        payment_status=payment_status or "",
        fulfilment_status=fulfilment_status or "",
        customer_id=customer_id,
    )
    rows, key = orders.list_orders(session, query, cursor.limit, cursor.after)
    return Page(items=[OrderRow.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.get("/orders/{order_id}", dependencies=VIEW)
def get_order(session: SessionDep, response: Response, order_id: UUID) -> OrderOut:
    """Return an order with its lines, its timeline and the states that may follow."""
    return order_out(session, response, orders.get_order(session, order_id))


@router.post("/orders/{order_id}/confirm", dependencies=EDIT)
def confirm_order(session: SessionDep, response: Response, order_id: UUID) -> OrderOut:
    """Confirm a pending order."""
    return order_out(session, response, move_order(session, orders.get_order(session, order_id), "confirmed"))


@router.post("/orders/{order_id}/cancel", dependencies=CANCEL)
def cancel_order(session: SessionDep, response: Response, order_id: UUID, given: CancelInput) -> OrderOut:
    """Cancel an order of which nothing was shipped; its stock is free again."""
    order = orders.get_order(session, order_id)
    return order_out(session, response, move_order(session, order, "cancelled", given.reason))
