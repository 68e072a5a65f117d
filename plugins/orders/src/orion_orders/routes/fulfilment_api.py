"""The store team's API of parcels and of money written down by hand."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.web import Router, SessionDep, requires
from orion_orders.machines import FULFILMENT
from orion_orders.models import Fulfilment
from orion_orders.schemas import (
    FulfilmentInput,
    FulfilmentOut,
    FulfilmentStepInput,
    NoteInput,
    PaymentInput,
    PaymentOut,
    TrackingInput,
)
from orion_orders.services import fulfilments, payments
from orion_orders.services.orders import get_order
from orion_orders.services.timeline import record

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]


@router.get("/orders/{order_id}/fulfilments", dependencies=VIEW)
def list_fulfilments(session: SessionDep, order_id: UUID) -> list[FulfilmentOut]:
    """List an order's parcels."""
    found = fulfilments.list_fulfilments(session, get_order(session, order_id))
    return _answers(session, found)


@router.post("/orders/{order_id}/fulfilments", dependencies=EDIT, status_code=201)
def create_fulfilment(session: SessionDep, order_id: UUID, given: FulfilmentInput) -> FulfilmentOut:
    """Plan a parcel with some of an order's open pieces."""
    order = get_order(session, order_id)
    return _answer(session, fulfilments.create_fulfilment(session, order, given.pieces))


@router.post("/fulfilments/{fulfilment_id}/steps", dependencies=EDIT)
def move_fulfilment(session: SessionDep, fulfilment_id: UUID, given: FulfilmentStepInput) -> FulfilmentOut:
    """Bring a parcel into another state; shipped, its pieces leave stock."""
    found = fulfilments.get_fulfilment(session, fulfilment_id)
    return _answer(session, fulfilments.move_fulfilment(session, found, given.target, given))


@router.put("/fulfilments/{fulfilment_id}/tracking", dependencies=EDIT)
def put_tracking(session: SessionDep, fulfilment_id: UUID, given: TrackingInput) -> FulfilmentOut:
    """Correct how a parcel travels."""
    found = fulfilments.get_fulfilment(session, fulfilment_id)
    return _answer(session, fulfilments.edit_tracking(session, found, given))


@router.get("/orders/{order_id}/payments", dependencies=VIEW)
def list_payments(session: SessionDep, order_id: UUID) -> list[PaymentOut]:
    """List what was paid and given back for an order."""
    found = payments.list_payments(session, get_order(session, order_id))
    return [PaymentOut.model_validate(each) for each in found]


@router.post("/orders/{order_id}/payments", dependencies=EDIT, status_code=201)
def record_payment(session: SessionDep, order_id: UUID, given: PaymentInput) -> PaymentOut:
    """Write down money that came or went; a pending order that is paid now is confirmed."""
    payment = payments.record_payment(session, get_order(session, order_id), given)
    session.flush()
    return PaymentOut.model_validate(payment)


@router.post("/orders/{order_id}/notes", dependencies=EDIT, status_code=204)
def add_note(session: SessionDep, order_id: UUID, given: NoteInput) -> None:
    """Add a note to an order's timeline that only the store's team reads."""
    record(session, get_order(session, order_id), "note", text=given.text)


def _answer(session: Session, found: Fulfilment) -> FulfilmentOut:
    return _answers(session, [found])[0]


def _answers(session: Session, parcels: Sequence[Fulfilment]) -> list[FulfilmentOut]:
    inside, answers = fulfilments.pieces_of(session, parcels), []
    for parcel in parcels:
        answer = FulfilmentOut.model_validate(parcel)
        answer.pieces = inside[parcel.id]
        answer.next_states = list(FULFILMENT.next(parcel.status))  # type: ignore[arg-type]
        answers.append(answer)
    return answers
