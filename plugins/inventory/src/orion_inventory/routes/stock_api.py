"""The store team's API: stock, the ledger, receipts and adjustments, locations."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from orion_core.web import CursorDep, Page, Router, SessionDep, VersionDep, next_cursor, requires, set_etag
from orion_inventory.models import Location
from orion_inventory.schemas import (
    AdjustmentInput,
    HoldOut,
    LocationInput,
    LocationOut,
    LowStockInput,
    MismatchOut,
    PlaceOut,
    PromiseOut,
    ReceiptInput,
    StockDetail,
    StockRow,
    TransactionOut,
)
from orion_inventory.services import lists, locations, places, proof

router = Router()
VIEW = [requires("inventory.view_stock")]
ADJUST = [requires("inventory.adjust_stock")]
MANAGE = [requires("inventory.manage_locations")]


@router.get("/inventory/stock", dependencies=VIEW)
def list_stock(
    *,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    location_id: UUID | None = None,
    show: Annotated[Literal["", "low", "out"], Query(description="Only what runs low or is gone")] = "",
) -> Page[StockRow]:
    """List tracked articles over all their places."""
    query = lists.StockQuery(q=q.replace("\0", "").strip(), location_id=location_id, show=show)
    rows, key = lists.list_stock(session, query, cursor.limit, cursor.after)
    return Page(items=[StockRow.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.get("/inventory/stock/{variant_id}", dependencies=VIEW)
def explain_stock(session: SessionDep, variant_id: UUID) -> StockDetail:
    """Tell why so many pieces are available: what lies where, what is promised, what carts hold and until when."""
    found = lists.explain(session, variant_id)
    return StockDetail(
        variant_id=variant_id,
        available=found.available,
        places=[PlaceOut.model_validate(place) for place, _ in found.places],
        promises=[PromiseOut(order_id=order_id, quantity=pieces) for order_id, pieces in found.promises],
        holds=[HoldOut.model_validate(hold) for hold in found.holds],
    )


@router.get("/inventory/stock/{variant_id}/transactions", dependencies=VIEW)
def list_transactions(session: SessionDep, variant_id: UUID, cursor: CursorDep) -> Page[TransactionOut]:
    """List an article's ledger, newest first."""
    rows, key = lists.list_transactions(session, variant_id, cursor.limit, cursor.after)
    return Page(items=[TransactionOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/inventory/stock/{variant_id}/receipts", dependencies=ADJUST, status_code=201)
def receive(session: SessionDep, variant_id: UUID, given: ReceiptInput) -> PlaceOut:
    """Put new pieces on the shelf."""
    return PlaceOut.model_validate(places.receive(session, variant_id, given))


@router.post("/inventory/stock/{variant_id}/adjustments", dependencies=ADJUST, status_code=201)
def adjust(session: SessionDep, variant_id: UUID, given: AdjustmentInput) -> PlaceOut:
    """Correct the counters of a place, for a reason."""
    return PlaceOut.model_validate(places.adjust(session, variant_id, given))


@router.put("/inventory/stock/{variant_id}/places/{inventory_id}/low-stock", dependencies=ADJUST)
def set_low_stock(session: SessionDep, variant_id: UUID, inventory_id: UUID, given: LowStockInput) -> PlaceOut:
    """Set at how many free pieces a place counts as low."""
    return PlaceOut.model_validate(places.set_low_stock_at(session, variant_id, inventory_id, given.low_stock_at))


@router.get("/inventory/mismatches", dependencies=VIEW)
def list_mismatches(session: SessionDep) -> list[MismatchOut]:
    """List counters that the last proof of the ledger found wrong."""
    return [MismatchOut.model_validate(row) for row in proof.list_mismatches(session)]


@router.get("/inventory/locations", dependencies=VIEW)
def list_locations(session: SessionDep) -> list[LocationOut]:
    """List locations in the order in which orders take from them."""
    return [LocationOut.model_validate(location) for location in locations.list_locations(session)]


@router.post("/inventory/locations", dependencies=MANAGE, status_code=201)
def create_location(session: SessionDep, response: Response, given: LocationInput) -> LocationOut:
    """Make a location."""
    return _answer(response, locations.create_location(session, given))


@router.put("/inventory/locations/{location_id}", dependencies=MANAGE)
def edit_location(
    session: SessionDep, response: Response, location_id: UUID, given: LocationInput, version: VersionDep
) -> LocationOut:
    """Change a location; what lies at an inactive one is not for sale."""
    return _answer(response, locations.edit_location(session, location_id, given, version))


def _answer(response: Response, location: Location) -> LocationOut:
    set_etag(response, location.version)
    return LocationOut.model_validate(location)
