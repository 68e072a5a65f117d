"""The returns desk: what comes back, what is decided about it, what was counted, and the money."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from orion_core.web import CursorDep, Router, SessionDep, Submitted, may, next_cursor, render, requires, submitted
from orion_core.web import translate as _
from orion_orders.machines import RETURN
from orion_orders.models.fulfilments import CONDITIONS, RETURN_STATES
from orion_orders.routes.desk_forms import Long, PiecesForm, attempt, whole
from orion_orders.schemas import Condition, CountedInput, RefundInput
from orion_orders.services import return_steps, returns
from orion_orders.services.orders import get_order

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]
TARGETS = ("approved", "rejected", "in_transit", "closed")


class AnnounceForm(PiecesForm):
    kind: str = "return"
    reason: Long = ""


class StepForm(BaseModel):
    target: str = ""
    note: Long = ""


class CountForm(BaseModel):
    item_id: list[UUID] = []
    quantity: list[str] = []
    condition: list[Condition] = []

    def counted(self) -> dict[UUID, CountedInput]:
        """Return what was counted, by item."""
        rows = zip(self.item_id, self.quantity, self.condition, strict=False)
        return {item: CountedInput(pieces=whole(text), condition=condition) for item, text, condition in rows}


AnnounceDep = Annotated[Submitted[AnnounceForm], submitted(AnnounceForm)]
StepDep = Annotated[Submitted[StepForm], submitted(StepForm)]
CountDep = Annotated[Submitted[CountForm], submitted(CountForm)]
RefundDep = Annotated[Submitted[RefundInput], submitted(RefundInput)]


@router.get("/returns", dependencies=VIEW)
def list_returns(request: Request, session: SessionDep, cursor: CursorDep, status: str = "") -> Any:
    wanted = status if status in RETURN_STATES else ""
    rows, key = returns.list_returns(session, wanted, cursor.limit, cursor.after)
    query, following = dict(request.query_params), next_cursor(key) or ""
    return render(request, "orders/store/returns.html", rows=rows, query=query, next_cursor=following)


@router.get("/returns/{return_id}", dependencies=VIEW)
def show_return(request: Request, session: SessionDep, return_id: UUID) -> Any:
    found = returns.get_return(session, return_id)
    order = get_order(session, found.order_id)
    return render(
        request,
        "orders/store/return.html",
        found=found,
        order=order,
        rows=returns.return_items(session, found),
        conditions=CONDITIONS,
        following=RETURN.next(found.status),
        refund_due=return_steps.refund_due(order, found),
        may_edit=may("orders.edit_orders"),
    )


@router.post("/orders/{order_id}/returns", dependencies=EDIT)
def announce(session: SessionDep, order_id: UUID, form: AnnounceDep) -> Any:
    def act() -> tuple[str, str]:
        order, given = get_order(session, order_id), form.data
        if given.kind == "withdrawal":
            found = returns.withdraw(session, order, given.pieces())
        else:
            kind = "exchange" if given.kind == "exchange" else "return"
            found = returns.request_return(session, order, given.pieces(), kind=kind, reason=given.reason)
        return f"/returns/{found.id}", _("The return is announced.")

    return attempt(session, f"/orders/{order_id}", act)


@router.post("/returns/{return_id}/steps", dependencies=EDIT)
def move(session: SessionDep, return_id: UUID, form: StepDep) -> Any:
    def act() -> str:
        given = form.data
        target = given.target if given.target in TARGETS else ""
        return_steps.move_return(session, returns.get_return(session, return_id), target, note=given.note)
        return _("The return is moved on.")

    return attempt(session, f"/returns/{return_id}", act)


@router.post("/returns/{return_id}/receive", dependencies=EDIT)
def receive(session: SessionDep, return_id: UUID, form: CountDep) -> Any:
    def act() -> str:
        found = returns.get_return(session, return_id)
        return_steps.move_return(session, found, "received", counted=form.data.counted())
        return _("The goods are counted, credited and back in stock.")

    return attempt(session, f"/returns/{return_id}", act)


@router.post("/returns/{return_id}/refund", dependencies=EDIT)
def refund(session: SessionDep, return_id: UUID, form: RefundDep) -> Any:
    def act() -> str:
        return_steps.refund_return(session, returns.get_return(session, return_id), form.data)
        return _("The refund is written down.")

    return attempt(session, f"/returns/{return_id}", act)
