"""The store team's pages of orders: the list, an order with all that belongs to it, and its own steps."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from orion_core.web import (
    CursorDep,
    Router,
    SessionDep,
    Submitted,
    may,
    next_cursor,
    redirect,
    render,
    requires,
    submitted,
    typed_amount,
)
from orion_core.web import translate as _
from orion_orders.machines import ORDER
from orion_orders.models import Order
from orion_orders.models.orders import CANCEL_REASONS, FULFILMENT_STATES, ORDER_STATES, PAYMENT_STATES
from orion_orders.routes.desk_forms import MoneyForm, NoteForm, attempt, major
from orion_orders.schemas import PaymentInput
from orion_orders.services import fulfilments, orders, payments, returns, tracking
from orion_orders.services.changes import changes_of
from orion_orders.services.drafts import place_draft
from orion_orders.services.invoices import list_documents
from orion_orders.services.timeline import record
from orion_orders.services.transitions import move_order

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]
CANCEL = [requires("orders.cancel_orders")]


class CancelForm(BaseModel):
    reason: str = ""


MoneyDep = Annotated[Submitted[MoneyForm], submitted(MoneyForm)]
NoteDep = Annotated[Submitted[NoteForm], submitted(NoteForm)]
CancelDep = Annotated[Submitted[CancelForm], submitted(CancelForm)]


@router.get("/orders", dependencies=VIEW)
def list_orders(
    *,
    request: Request,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    status: str = "",
    payment: str = "",
    delivery: str = "",
) -> Any:
    query = orders.OrderQuery(
        q=q.replace("\0", ""),
        status=status if status in ORDER_STATES else "",
        payment_status=payment if payment in PAYMENT_STATES else "",
        fulfilment_status=delivery if delivery in FULFILMENT_STATES else "",
    )
    rows, key = orders.list_orders(session, query, cursor.limit, cursor.after)
    return render(
        request,
        "orders/store/orders.html",
        rows=rows,
        query=dict(request.query_params),
        next_cursor=next_cursor(key) or "",
        may_edit=may("orders.edit_orders"),
    )


@router.get("/orders/{order_id}", dependencies=VIEW)
def show_order(request: Request, session: SessionDep, order_id: UUID) -> Any:
    return render(request, "orders/store/order.html", **_parts(session, orders.get_order(session, order_id)))


@router.post("/orders/{order_id}/confirm", dependencies=EDIT)
def confirm(session: SessionDep, order_id: UUID) -> Any:
    def act() -> str:
        move_order(session, orders.get_order(session, order_id), "confirmed")
        return _("The order is confirmed.")

    return attempt(session, f"/orders/{order_id}", act)


@router.post("/orders/{order_id}/complete", dependencies=EDIT)
def complete(session: SessionDep, order_id: UUID) -> Any:
    def act() -> str:
        move_order(session, orders.get_order(session, order_id), "completed")
        return _("The order is completed.")

    return attempt(session, f"/orders/{order_id}", act)


@router.post("/orders/{order_id}/place", dependencies=EDIT)
def place(session: SessionDep, order_id: UUID) -> Any:
    def act() -> str:
        place_draft(session, orders.get_order(session, order_id))
        return _("The order is placed.")

    return attempt(session, f"/orders/{order_id}", act)


@router.get("/orders/{order_id}/cancel", dependencies=CANCEL)
def ask_to_cancel(request: Request, session: SessionDep, order_id: UUID) -> Any:
    order = orders.get_order(session, order_id)
    return render(request, "orders/store/cancel.html", order=order, reasons=CANCEL_REASONS)


@router.post("/orders/{order_id}/cancel", dependencies=CANCEL)
def cancel(session: SessionDep, order_id: UUID, form: CancelDep) -> Any:
    def act() -> str:
        move_order(session, orders.get_order(session, order_id), "cancelled", form.data.reason)
        return _("The order is cancelled; its stock is free again.")

    return attempt(session, f"/orders/{order_id}", act)


@router.post("/orders/{order_id}/notes", dependencies=EDIT)
def add_note(session: SessionDep, order_id: UUID, form: NoteDep) -> Any:
    text = form.data.note.strip()
    if text:
        record(session, orders.get_order(session, order_id), "note", text=text)
    return redirect(f"/orders/{order_id}")


@router.post("/orders/{order_id}/payments", dependencies=EDIT)
def record_payment(session: SessionDep, order_id: UUID, form: MoneyDep) -> Any:
    def act() -> str:
        order, given = orders.get_order(session, order_id), form.data
        amount = typed_amount(given.amount, order.currency, "amount", least=1)
        plain = given.model_dump(exclude={"amount"})
        payments.record_payment(session, order, PaymentInput(amount_minor=amount, **plain))
        return _("It is written down.")

    return attempt(session, f"/orders/{order_id}", act)


def _parts(session: Session, order: Order) -> dict[str, Any]:
    items = orders.items_of(session, order)
    parcels = fulfilments.list_fulfilments(session, order)
    inside = fulfilments.pieces_of(session, parcels)
    return {
        "order": order,
        "items": items,
        "titles": {item.id: item.title for item in items},
        "parcels": [(parcel, inside[parcel.id]) for parcel in parcels],
        "plannable": fulfilments.plannable(session, order) if order.status == "confirmed" else {},
        "returnable": returns.returnable(session, order),
        "withdrawable": returns.withdrawable(session, order),
        "returns": returns.returns_of(session, order),
        "payments": payments.list_payments(session, order),
        "documents": list_documents(session, order),
        "changes": [each for each in changes_of(session, order) if each.status in ("draft", "requested")],
        "story": list(reversed(orders.timeline_of(session, order))),
        "following": ORDER.next(order.status),
        "can_cancel": order.status == "draft" or tracking.can_cancel(order, items, parcels),
        "due": major(max(0, order.due_minor), order.currency),
        "owed": major(max(0, -order.due_minor), order.currency),
        "may_edit": may("orders.edit_orders"),
        "may_cancel": may("orders.cancel_orders"),
    }
