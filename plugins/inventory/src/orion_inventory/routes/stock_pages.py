"""The store team's pages for stock: the list, an article with the reasons for its numbers, receiving, adjusting."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from orion_catalog.api import find_variants_by_sku
from orion_core.errors import InvalidInput
from orion_core.web import (
    FORM_ERRORS,
    CursorDep,
    Router,
    SessionDep,
    Submitted,
    may,
    next_cursor,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_inventory.routes.parts import uuid_or_none
from orion_inventory.schemas import AdjustmentInput, LowStockInput, Pieces, Plain, ReceiptInput
from orion_inventory.services import lists, places, proof
from orion_inventory.services.locations import list_locations

router = Router()
VIEW = [requires("inventory.view_stock")]
ADJUST = [requires("inventory.adjust_stock")]
ARTICLE, RECEIVE = "inventory/store/article.html", "inventory/store/receive.html"


class ReceiveForm(BaseModel):
    sku: Plain
    location_id: UUID
    bin: Plain = ""
    quantity: Pieces
    reason: Plain = ""


class LowStockForm(LowStockInput):
    inventory_id: UUID


ReceiveFormDep = Annotated[Submitted[ReceiveForm], submitted(ReceiveForm)]
AdjustFormDep = Annotated[Submitted[AdjustmentInput], submitted(AdjustmentInput)]
LowStockFormDep = Annotated[Submitted[LowStockForm], submitted(LowStockForm)]


@router.get("/inventory", dependencies=VIEW)
def list_stock(
    *,
    request: Request,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    location_id: str = "",
    show: str = "",
) -> Any:
    words = q.replace("\0", "").strip()
    query = lists.StockQuery(q=words, location_id=uuid_or_none(location_id), show=show)
    rows, key = lists.list_stock(session, query, cursor.limit, cursor.after)
    return render(
        request,
        "inventory/store/stock.html",
        query=dict(request.query_params),
        rows=rows,
        next_cursor=next_cursor(key) or "",
        locations=list_locations(session),
        mismatches=len(proof.list_mismatches(session)),
        may_adjust=may("inventory.adjust_stock"),
    )


@router.get("/inventory/receive", dependencies=ADJUST)
def ask_what_came(request: Request, session: SessionDep, sku: Annotated[str, Query(max_length=200)] = "") -> Any:
    return render(request, RECEIVE, values={"sku": sku}, errors={}, locations=list_locations(session))


@router.post("/inventory/receive", dependencies=ADJUST)
def receive(request: Request, session: SessionDep, form: ReceiveFormDep) -> Any:
    try:
        item = find_variants_by_sku(session, [form.data.sku]).get(form.data.sku)
        if item is None:
            raise InvalidInput(errors={"sku": "There is no article with this number"})
        given = ReceiptInput.model_validate(form.data.model_dump(exclude={"sku"}))
        places.receive(session, item.variant_id, given)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, RECEIVE, form, error, locations=list_locations(session))
    return redirect(f"/inventory/articles/{item.variant_id}", _("The pieces are on the shelf."))


@router.get("/inventory/articles/{variant_id}", dependencies=VIEW)
def show_article(request: Request, session: SessionDep, variant_id: UUID, cursor: CursorDep) -> Any:
    parts = _article(session, variant_id, cursor.limit, cursor.after)
    return render(request, ARTICLE, query=dict(request.query_params), values={}, errors={}, **parts)


@router.post("/inventory/articles/{variant_id}/adjust", dependencies=ADJUST)
def adjust(request: Request, session: SessionDep, variant_id: UUID, form: AdjustFormDep) -> Any:
    try:
        places.adjust(session, variant_id, form.data)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, ARTICLE, form, error, query={}, **_article(session, variant_id, 20, None))
    return redirect(f"/inventory/articles/{variant_id}", _("The stock was corrected."))


@router.post("/inventory/articles/{variant_id}/low-stock", dependencies=ADJUST)
def set_low_stock(request: Request, session: SessionDep, variant_id: UUID, form: LowStockFormDep) -> Any:
    if form.model is None:
        return show_again(request, ARTICLE, form, query={}, **_article(session, variant_id, 20, None))
    places.set_low_stock_at(session, variant_id, form.model.inventory_id, form.model.low_stock_at)
    return redirect(f"/inventory/articles/{variant_id}", _("The low-stock mark was saved."))


@router.get("/inventory/proof", dependencies=VIEW)
def show_proof(request: Request, session: SessionDep) -> Any:
    return render(request, "inventory/store/proof.html", rows=proof.list_mismatches(session))


def _article(session: Any, variant_id: UUID, limit: int, after: Any) -> dict[str, Any]:
    rows, key = lists.list_transactions(session, variant_id, limit, after)
    found = lists.explain(session, variant_id)
    return {
        "found": found,
        "rows": rows,
        "next_cursor": next_cursor(key) or "",
        "places": {place.id: (place, location) for place, location in found.places},
        "may_adjust": may("inventory.adjust_stock"),
    }
