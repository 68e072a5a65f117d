"""The store team's pages to change a placed order, with the effect on the money first, and to take down an order."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from orion_catalog.api import SaleItem, find_variants, find_variants_by_sku, search_variants
from orion_core.context import current_context
from orion_core.errors import InvalidInput
from orion_core.web import FORM_ERRORS, Router, SessionDep, Submitted, redirect, render, requires, show_again, submitted
from orion_core.web import translate as _
from orion_customers.api import Email, PostalAddress
from orion_orders.routes.desk_forms import Long, PiecesForm, attempt, whole
from orion_orders.schemas import AddedInput, ChangeInput, DraftInput
from orion_orders.services import changes, drafts
from orion_orders.services.fulfilments import plannable
from orion_orders.services.offers import list_deliveries
from orion_orders.services.orders import get_order, items_of

router = Router()
EDIT = [requires("orders.edit_orders")]
NEW = "orders/store/new.html"
MOST_FOUND = 20
Words = Annotated[str, Query(max_length=200, description="Words or numbers of articles to find")]


class EditForm(PiecesForm):
    sku: list[str] = []
    add: list[str] = []
    note: Long = ""
    return_id: UUID | None = None


class DraftForm(PostalAddress):
    email: Email
    shipping_method_id: UUID
    tax_number: Annotated[str, Field(max_length=40)] = ""
    promotion_code: Annotated[str, Field(max_length=60)] = ""
    note: Long = ""
    sku: list[str] = []
    add: list[str] = []


EditDep = Annotated[Submitted[EditForm], submitted(EditForm)]
DraftDep = Annotated[Submitted[DraftForm], submitted(DraftForm)]


@router.get("/orders/new", dependencies=EDIT)
def new_order(request: Request, session: SessionDep, q: Words = "") -> Any:
    return render(request, NEW, values={}, errors={}, **_new(session, q))


@router.post("/orders/new", dependencies=EDIT)
def create_order(request: Request, session: SessionDep, form: DraftDep) -> Any:
    try:
        given = form.data
        lines = _added(session, given.sku, given.add)
        if not lines:
            raise InvalidInput(errors={"sku": "Name at least one article"})
        address = given.model_dump(include=set(PostalAddress.model_fields))
        plain = given.model_dump(exclude={*PostalAddress.model_fields, "sku", "add"})
        order = drafts.create_draft(session, DraftInput(shipping_address=address, lines=lines, **plain))
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, NEW, form, error, **_new(session, ""))
    return redirect(f"/orders/{order.id}", _("The draft is written down; place it when all is right."))


@router.get("/orders/{order_id}/edit", dependencies=EDIT)
def edit_order(
    *, request: Request, session: SessionDep, order_id: UUID, return_id: UUID | None = None, q: Words = ""
) -> Any:
    order = get_order(session, order_id)
    there = plannable(session, order)
    rows = [(item, there[item.id]) for item in items_of(session, order) if item.id in there]
    return render(
        request,
        "orders/store/edit.html",
        order=order,
        rows=rows,
        return_id=return_id,
        query=dict(request.query_params),
        found=_found(session, q),
    )


@router.post("/orders/{order_id}/edit", dependencies=EDIT)
def draft_change(session: SessionDep, order_id: UUID, form: EditDep) -> Any:
    def act() -> tuple[str, str]:
        given = form.data
        wanted = ChangeInput(
            cancel=given.pieces(),
            add=_added(session, given.sku, given.add),
            note=given.note,
            return_id=given.return_id,
        )
        change = changes.draft_change(session, get_order(session, order_id), wanted)
        return f"/changes/{change.id}", _("Look at the effect first; nothing has changed yet.")

    return attempt(session, f"/orders/{order_id}/edit", act)


@router.get("/changes/{change_id}", dependencies=EDIT)
def show_change(request: Request, session: SessionDep, change_id: UUID) -> Any:
    change = changes.get_change(session, change_id)
    order = get_order(session, change.order_id)
    titles = {str(item.id): item.title for item in items_of(session, order)}
    added = [UUID(action["add"]) for action in change.actions if "add" in action]
    titles |= {str(variant_id): item.title for variant_id, item in find_variants(session, added).items()}
    return render(request, "orders/store/change.html", change=change, order=order, titles=titles)


@router.post("/changes/{change_id}/apply", dependencies=EDIT)
def apply_change(session: SessionDep, change_id: UUID) -> Any:
    change = changes.get_change(session, change_id)

    def act() -> tuple[str, str]:
        if change.status == "draft":
            changes.move_change(session, change, "requested")
        changes.move_change(session, change, "confirmed")
        return f"/orders/{change.order_id}", _("The order is changed.")

    return attempt(session, f"/changes/{change_id}", act)


@router.post("/changes/{change_id}/discard", dependencies=EDIT)
def discard_change(session: SessionDep, change_id: UUID) -> Any:
    change = changes.get_change(session, change_id)

    def act() -> tuple[str, str]:
        changes.move_change(session, change, "cancelled")
        return f"/orders/{change.order_id}", _("The change is discarded.")

    return attempt(session, f"/changes/{change_id}", act)


def _new(session: Any, words: str) -> dict[str, Any]:
    return {
        "deliveries": list_deliveries(session, None, 0),
        "query": {"q": words},
        "found": _found(session, words),
        "currency": current_context().store.currency,
    }


def _found(session: Any, words: str) -> list[SaleItem]:
    """Return what is on sale and is like some words, in order of the articles' numbers; nothing without words."""
    words = words.replace("\0", "").strip()
    ids = search_variants(session, words, MOST_FOUND) if words else []
    items, currency = find_variants(session, ids), current_context().store.currency
    return [items[each] for each in ids if items[each].is_sellable and items[each].currency == currency]


def _added(session: Any, skus: list[str], pieces: list[str]) -> list[AddedInput]:
    """Return the articles that were typed by their numbers: one piece where none is typed, none for zero."""
    typed = zip(skus, pieces, strict=False)
    pairs = [(sku.strip(), whole(text) if text.strip() else 1) for sku, text in typed if sku.strip()]
    items = find_variants_by_sku(session, [sku for sku, _pieces in pairs])
    if any(sku not in items for sku, _pieces in pairs):
        raise InvalidInput(errors={"sku": "There is no article with this number"})
    return [AddedInput(variant_id=items[sku].variant_id, quantity=number) for sku, number in pairs if number]
