"""The store team's API of returns, withdrawals and exchanges."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from orion_core.web import CursorDep, Page, Router, SessionDep, next_cursor, requires
from orion_orders.machines import RETURN
from orion_orders.models import OrderReturn
from orion_orders.schemas import (
    RefundInput,
    ReturnInput,
    ReturnItemOut,
    ReturnOut,
    ReturnStatus,
    ReturnStepInput,
)
from orion_orders.services import return_steps, returns
from orion_orders.services.orders import get_order

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]


@router.get("/returns", dependencies=VIEW)
def list_returns(
    session: SessionDep,
    cursor: CursorDep,
    status: Annotated[ReturnStatus | None, Query(description="Only those in this state")] = None,
) -> Page[ReturnOut]:
    """List the store's returns, the newest first."""
    rows, key = returns.list_returns(session, status or "", cursor.limit, cursor.after)
    return Page(items=[_answer(session, found) for found, _ in rows], next_cursor=next_cursor(key))


@router.get("/returns/{return_id}", dependencies=VIEW)
def get_return(session: SessionDep, return_id: UUID) -> ReturnOut:
    """Return a return with its pieces and the states that may follow."""
    return _answer(session, returns.get_return(session, return_id))


@router.post("/orders/{order_id}/returns", dependencies=EDIT, status_code=201)
def create_return(session: SessionDep, order_id: UUID, given: ReturnInput) -> ReturnOut:
    """Announce goods that come back, or take down a withdrawal that reached the store otherwise."""
    order = get_order(session, order_id)
    if given.kind == "withdrawal":
        found = returns.withdraw(session, order, given.pieces)
    else:
        found = returns.request_return(session, order, given.pieces, kind=given.kind, reason=given.reason)
    return _answer(session, found)


@router.post("/returns/{return_id}/steps", dependencies=EDIT)
def move_return(session: SessionDep, return_id: UUID, given: ReturnStepInput) -> ReturnOut:
    """Bring a return into another state; what is received is credited and goes back into stock."""
    found = returns.get_return(session, return_id)
    moved = return_steps.move_return(session, found, given.target, note=given.note, counted=given.counted)
    return _answer(session, moved)


@router.post("/returns/{return_id}/refund", dependencies=EDIT)
def refund_return(session: SessionDep, return_id: UUID, given: RefundInput) -> ReturnOut:
    """Write down that the money for a return was given back."""
    return _answer(session, return_steps.refund_return(session, returns.get_return(session, return_id), given))


def _answer(session: Session, found: OrderReturn) -> ReturnOut:
    answer = ReturnOut.model_validate(found)
    answer.items = [ReturnItemOut.model_validate(row) for row, _ in returns.return_items(session, found)]
    answer.next_states = list(RETURN.next(found.status))  # type: ignore[arg-type]
    return answer
