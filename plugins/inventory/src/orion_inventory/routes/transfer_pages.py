"""The store team's pages for transfers between locations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from orion_catalog.api import find_variants, find_variants_by_sku
from orion_core.errors import InvalidInput, OrionError
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
from orion_inventory.machines import TRANSFER
from orion_inventory.schemas import MOST, LineInput, Plain, TransferInput
from orion_inventory.services import transfers
from orion_inventory.services.locations import list_locations
from orion_inventory.services.steps import list_steps

router = Router()
VIEW = [requires("inventory.view_stock")]
ADJUST = [requires("inventory.adjust_stock")]
FORM, PAGE = "inventory/store/transfer_form.html", "inventory/store/transfer.html"


class TransferForm(BaseModel):
    """The third ``quantity`` belongs to the third ``sku``; empty lines are left out."""

    source_id: UUID
    target_id: UUID
    note: Plain = ""
    sku: Annotated[list[str], Field(max_length=100)] = []
    quantity: list[str] = []


class ReceiveForm(BaseModel):
    """The third ``quantity`` is what arrived of the third ``variant_id``."""

    variant_id: Annotated[list[UUID], Field(max_length=500)] = []
    quantity: list[str] = []
    rest_is_missing: bool = False

    def arrived(self) -> dict[UUID, int]:
        return {
            key: pieces for key, text in zip(self.variant_id, self.quantity, strict=False) if (pieces := read(text))
        }


TransferFormDep = Annotated[Submitted[TransferForm], submitted(TransferForm)]
ReceiveFormDep = Annotated[Submitted[ReceiveForm], submitted(ReceiveForm)]


@router.get("/inventory/transfers", dependencies=VIEW)
def list_transfers(request: Request, session: SessionDep, cursor: CursorDep, state: str = "") -> Any:
    wanted = state if state in TRANSFER.states else ""
    rows, key = transfers.list_transfers(session, wanted, cursor.limit, cursor.after)
    return render(
        request,
        "inventory/store/transfers.html",
        query=dict(request.query_params),
        rows=rows,
        next_cursor=next_cursor(key) or "",
        locations=_names(session),
        may_adjust=may("inventory.adjust_stock"),
    )


@router.get("/inventory/transfers/new", dependencies=ADJUST)
def new_transfer(request: Request, session: SessionDep) -> Any:
    return render(request, FORM, values={}, errors={}, locations=list_locations(session))


@router.post("/inventory/transfers", dependencies=ADJUST)
def create_transfer(request: Request, session: SessionDep, form: TransferFormDep) -> Any:
    try:
        given = form.data
        lines = _lines(session, given)
        wanted = TransferInput(source_id=given.source_id, target_id=given.target_id, note=given.note, lines=lines)
        transfer = transfers.create_transfer(session, wanted)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, FORM, form, error, locations=list_locations(session))
    return redirect(f"/inventory/transfers/{transfer.id}", _("The transfer was planned."))


@router.get("/inventory/transfers/{transfer_id}", dependencies=VIEW)
def show_transfer(request: Request, session: SessionDep, transfer_id: UUID) -> Any:
    return render(request, PAGE, values={}, errors={}, **_parts(session, transfer_id))


@router.post("/inventory/transfers/{transfer_id}/send", dependencies=ADJUST)
def send_transfer(request: Request, session: SessionDep, transfer_id: UUID) -> Any:
    try:
        transfers.send_transfer(session, transfer_id)
    except FORM_ERRORS as error:
        session.rollback()
        return _refused(request, session, transfer_id, error)
    return redirect(f"/inventory/transfers/{transfer_id}", _("The pieces are on their way."))


@router.post("/inventory/transfers/{transfer_id}/receive", dependencies=ADJUST)
def receive_transfer(request: Request, session: SessionDep, transfer_id: UUID, form: ReceiveFormDep) -> Any:
    try:
        given = form.data
        transfers.receive_transfer(session, transfer_id, given.arrived(), rest_is_missing=given.rest_is_missing)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, PAGE, form, error, **_parts(session, transfer_id))
    return redirect(f"/inventory/transfers/{transfer_id}", _("The pieces are on the shelf."))


@router.get("/inventory/transfers/{transfer_id}/cancel", dependencies=ADJUST)
def ask_to_cancel(request: Request, session: SessionDep, transfer_id: UUID) -> Any:
    transfer = transfers.get_transfer(session, transfer_id)
    return render(request, "inventory/store/transfer_cancel.html", transfer=transfer)


@router.post("/inventory/transfers/{transfer_id}/cancel", dependencies=ADJUST)
def cancel_transfer(session: SessionDep, transfer_id: UUID) -> Any:
    transfers.cancel_transfer(session, transfer_id)
    return redirect(f"/inventory/transfers/{transfer_id}", _("The transfer was cancelled."))


def read(text: str) -> int:
    """Return a number of pieces as typed; empty is none."""
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and int(text[:12]) <= MOST):
        raise InvalidInput(errors={"quantity": "Write a whole number of pieces"})
    return int(text or 0)


def _lines(session: Any, given: TransferForm) -> list[LineInput]:
    pairs = [(sku.strip(), read(text)) for sku, text in zip(given.sku, given.quantity, strict=False) if sku.strip()]
    items = find_variants_by_sku(session, [sku for sku, _pieces in pairs])
    if any(sku not in items for sku, _pieces in pairs):
        raise InvalidInput(errors={"sku": "There is no article with this number"})
    lines = [LineInput(variant_id=items[sku].variant_id, quantity=pieces) for sku, pieces in pairs if pieces]
    if not lines:
        raise InvalidInput(errors={"sku": "Name at least one article and how many pieces"})
    return lines


def _names(session: Any) -> dict[UUID, str]:
    return {location.id: location.name for location in list_locations(session)}


def _parts(session: Any, transfer_id: UUID) -> dict[str, Any]:
    lines = transfers.list_lines(session, transfer_id)
    return {
        "transfer": transfers.get_transfer(session, transfer_id),
        "lines": lines,
        "items": find_variants(session, [line.variant_id for line in lines]),
        "locations": _names(session),
        "steps": list_steps(session, transfer_id),
        "may_adjust": may("inventory.adjust_stock"),
    }


def _refused(request: Request, session: Any, transfer_id: UUID, error: OrionError) -> Any:
    errors = {"": _(error.detail)}
    return render(request, PAGE, status=error.status, values={}, errors=errors, **_parts(session, transfer_id))
