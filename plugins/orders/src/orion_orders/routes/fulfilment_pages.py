"""The store team's pages of parcels: what is to be shipped, pick list, packing slip, and each parcel's steps."""

from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Query, Request

from orion_core.errors import NotFound
from orion_core.web import CursorDep, Router, SessionDep, Submitted, may, next_cursor, render, requires, submitted
from orion_core.web import translate as _
from orion_orders.machines import FULFILMENT
from orion_orders.routes.desk_forms import PiecesForm, attempt
from orion_orders.schemas import FulfilmentStepInput
from orion_orders.services import desk, fulfilments
from orion_orders.services.orders import get_order, items_of

router = Router()
VIEW = [requires("orders.view_orders")]
EDIT = [requires("orders.edit_orders")]
PiecesDep = Annotated[Submitted[PiecesForm], submitted(PiecesForm)]
StepDep = Annotated[Submitted[FulfilmentStepInput], submitted(FulfilmentStepInput)]
PICK_MOST = 100


@router.get("/fulfilment", dependencies=VIEW)
def list_to_ship(request: Request, session: SessionDep, cursor: CursorDep) -> Any:
    rows, key = desk.list_to_ship(session, cursor.limit, cursor.after)
    return render(
        request,
        "orders/store/fulfilment.html",
        rows=rows,
        parcels=desk.list_open_parcels(session),
        query=dict(request.query_params),
        next_cursor=next_cursor(key) or "",
        may_edit=may("orders.edit_orders"),
    )


@router.get("/fulfilment/pick-list", dependencies=VIEW)
def show_pick_list(
    request: Request, session: SessionDep, order_id: Annotated[list[UUID] | None, Query(max_length=PICK_MOST)] = None
) -> Any:
    found, lines = desk.pick_list(session, order_id or [])
    return render(request, "orders/store/pick_list.html", orders=found, lines=lines)


@router.post("/orders/{order_id}/parcels", dependencies=EDIT)
def create_parcel(session: SessionDep, order_id: UUID, form: PiecesDep) -> Any:
    def act() -> str:
        fulfilments.create_fulfilment(session, get_order(session, order_id), form.data.pieces())
        return _("The parcel is planned.")

    return attempt(session, f"/orders/{order_id}", act)


@router.post("/parcels/{parcel_id}/steps", dependencies=EDIT)
def move_parcel(session: SessionDep, parcel_id: UUID, form: StepDep) -> Any:
    parcel = fulfilments.get_fulfilment(session, parcel_id)

    def act() -> str:
        fulfilments.move_fulfilment(session, parcel, form.data.target, form.data)
        return _("The parcel is moved on.")

    return attempt(session, f"/orders/{parcel.order_id}", act)


@router.get("/parcels/{parcel_id}/give-up", dependencies=EDIT)
def ask_to_give_up(
    request: Request, session: SessionDep, parcel_id: UUID, target: Literal["cancelled", "lost", "returned_to_sender"]
) -> Any:
    parcel = fulfilments.get_fulfilment(session, parcel_id)
    FULFILMENT.step(parcel.status, target)
    return render(request, "orders/store/give_up.html", parcel=parcel, target=target)


@router.get("/parcels/{parcel_id}/slip", dependencies=VIEW)
def show_slip(request: Request, session: SessionDep, parcel_id: UUID) -> Any:
    parcel = fulfilments.get_fulfilment(session, parcel_id)
    order = get_order(session, parcel.order_id)
    if order.shipping_address is None:
        raise NotFound("this order has no address any more")
    pieces = fulfilments.pieces_of(session, [parcel])[parcel.id]
    lines = [(item, pieces[item.id]) for item in items_of(session, order) if item.id in pieces]
    return render(request, "orders/store/slip.html", parcel=parcel, order=order, lines=cast("Any", lines))
