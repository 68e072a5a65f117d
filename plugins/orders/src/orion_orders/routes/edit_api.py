"""The store team's API of drafts and of edits to placed orders."""

from uuid import UUID

from fastapi import Response

from orion_core.web import Router, SessionDep, requires
from orion_orders.machines import CHANGE
from orion_orders.models import OrderChange
from orion_orders.routes.answers import order_out
from orion_orders.schemas import ChangeInput, ChangeOut, ChangeStepInput, DraftInput, OrderOut
from orion_orders.services import changes, drafts
from orion_orders.services.orders import get_order

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]


@router.post("/orders", dependencies=EDIT, status_code=201)
def create_draft(session: SessionDep, response: Response, given: DraftInput) -> OrderOut:
    """Write down a draft with today's prices; it holds no stock yet."""
    return order_out(session, response, drafts.create_draft(session, given))


@router.post("/orders/{order_id}/place", dependencies=EDIT)
def place_draft(session: SessionDep, response: Response, order_id: UUID) -> OrderOut:
    """Place a draft: its stock is promised, or nothing happens."""
    return order_out(session, response, drafts.place_draft(session, get_order(session, order_id)))


@router.get("/orders/{order_id}/changes", dependencies=VIEW)
def list_changes(session: SessionDep, order_id: UUID) -> list[ChangeOut]:
    """List an order's edits."""
    return [_answer(each) for each in changes.changes_of(session, get_order(session, order_id))]


@router.post("/orders/{order_id}/changes", dependencies=EDIT, status_code=201)
def draft_change(session: SessionDep, order_id: UUID, given: ChangeInput) -> ChangeOut:
    """Work out what an edit would cost; nothing of the order changes yet."""
    return _answer(changes.draft_change(session, get_order(session, order_id), given))


@router.post("/changes/{change_id}/steps", dependencies=EDIT)
def move_change(session: SessionDep, change_id: UUID, given: ChangeStepInput) -> ChangeOut:
    """Bring an edit into another state; confirmed, it is applied whole or not at all."""
    return _answer(changes.move_change(session, changes.get_change(session, change_id), given.target))


def _answer(change: OrderChange) -> ChangeOut:
    answer = ChangeOut.model_validate(change)
    answer.next_states = list(CHANGE.next(change.status))  # type: ignore[arg-type]
    return answer
