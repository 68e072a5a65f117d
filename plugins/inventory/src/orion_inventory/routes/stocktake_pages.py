"""The store team's pages for stocktakes: count, look at the differences, post them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from orion_catalog.api import find_variants
from orion_core.errors import OrionError
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
from orion_inventory.machines import STOCKTAKE
from orion_inventory.routes.transfer_pages import read
from orion_inventory.schemas import StocktakeInput
from orion_inventory.services import stocktakes
from orion_inventory.services.locations import list_locations
from orion_inventory.services.steps import list_steps

router = Router()
VIEW = [requires("inventory.view_stock")]
COUNT = [requires("inventory.count_stock")]
LIST, PAGE = "inventory/store/stocktakes.html", "inventory/store/stocktake.html"


class CountForm(BaseModel):
    """The third ``counted`` belongs to the third ``inventory_id``; empty ones are not counted yet."""

    inventory_id: Annotated[list[UUID], Field(max_length=stocktakes.MOST_LINES)] = []
    counted: list[str] = []

    def counts(self) -> dict[UUID, int]:
        pairs = zip(self.inventory_id, self.counted, strict=False)
        return {key: read(text) for key, text in pairs if text.strip()}


StocktakeFormDep = Annotated[Submitted[StocktakeInput], submitted(StocktakeInput)]
CountFormDep = Annotated[Submitted[CountForm], submitted(CountForm)]


@router.get("/inventory/stocktakes", dependencies=VIEW)
def list_stocktakes(request: Request, session: SessionDep, cursor: CursorDep, state: str = "") -> Any:
    wanted = state if state in STOCKTAKE.states else ""
    parts = _list(session, wanted, cursor.limit, cursor.after)
    return render(request, LIST, query=dict(request.query_params), values={}, errors={}, **parts)


@router.post("/inventory/stocktakes", dependencies=COUNT)
def open_stocktake(request: Request, session: SessionDep, form: StocktakeFormDep) -> Any:
    try:
        stocktake = stocktakes.open_stocktake(session, form.data)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, LIST, form, error, query={}, **_list(session, "", 20, None))
    return redirect(f"/inventory/stocktakes/{stocktake.id}", _("The count has begun."))


@router.get("/inventory/stocktakes/{stocktake_id}", dependencies=VIEW)
def show_stocktake(request: Request, session: SessionDep, stocktake_id: UUID) -> Any:
    return render(request, PAGE, values={}, errors={}, **_parts(session, stocktake_id))


@router.post("/inventory/stocktakes/{stocktake_id}/counts", dependencies=COUNT)
def count_places(request: Request, session: SessionDep, stocktake_id: UUID, form: CountFormDep) -> Any:
    try:
        stocktakes.count_places(session, stocktake_id, form.data.counts())
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, PAGE, form, error, **_parts(session, stocktake_id))
    return redirect(f"/inventory/stocktakes/{stocktake_id}", _("The counts were saved."))


@router.get("/inventory/stocktakes/{stocktake_id}/steps/{state}", dependencies=COUNT)
def ask_for_step(request: Request, session: SessionDep, stocktake_id: UUID, state: str) -> Any:
    stocktake = stocktakes.get_stocktake(session, stocktake_id)
    STOCKTAKE.step(stocktake.state, state)
    return render(request, "inventory/store/stocktake_step.html", stocktake=stocktake, state=state)


@router.post("/inventory/stocktakes/{stocktake_id}/steps/{state}", dependencies=COUNT)
def take_step(request: Request, session: SessionDep, stocktake_id: UUID, state: str) -> Any:
    try:
        stocktakes.move_stocktake(session, stocktake_id, state)
    except FORM_ERRORS as error:
        session.rollback()
        return _refused(request, session, stocktake_id, error)
    return redirect(f"/inventory/stocktakes/{stocktake_id}", _("The stocktake was saved."))


def _list(session: Any, state: str, limit: int, after: Any) -> dict[str, Any]:
    rows, key = stocktakes.list_stocktakes(session, state, limit, after)
    return {
        "rows": rows,
        "next_cursor": next_cursor(key) or "",
        "locations": list_locations(session),
        "may_count": may("inventory.count_stock"),
    }


def _parts(session: Any, stocktake_id: UUID) -> dict[str, Any]:
    lines = stocktakes.list_lines(session, stocktake_id)
    stocktake = stocktakes.get_stocktake(session, stocktake_id)
    return {
        "stocktake": stocktake,
        "lines": lines,
        "items": find_variants(session, {line.variant_id for line in lines}),
        "locations": {location.id: location.name for location in list_locations(session)},
        "steps": list_steps(session, stocktake_id),
        "next_states": STOCKTAKE.next(stocktake.state),
        "may_count": may("inventory.count_stock"),
    }


def _refused(request: Request, session: Any, stocktake_id: UUID, error: OrionError) -> Any:
    errors = {"": _(error.detail)}
    return render(request, PAGE, status=error.status, values={}, errors=errors, **_parts(session, stocktake_id))
