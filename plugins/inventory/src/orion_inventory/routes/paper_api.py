"""The store team's API: transfers and stocktakes."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from orion_core.web import CursorDep, Page, Router, SessionDep, next_cursor, requires
from orion_inventory.models import Transfer
from orion_inventory.schemas import (
    CountsInput,
    ReceivedInput,
    StepInput,
    StocktakeInput,
    StocktakeLineOut,
    StocktakeRow,
    TransferInput,
    TransferLineOut,
    TransferOut,
    TransferRow,
)
from orion_inventory.services import stocktakes, transfers

router = Router()
VIEW = [requires("inventory.view_stock")]
ADJUST = [requires("inventory.adjust_stock")]
COUNT = [requires("inventory.count_stock")]
State = Annotated[str, Query(max_length=20, pattern="^[a-z_]*$")]


@router.get("/inventory/transfers", dependencies=VIEW)
def list_transfers(session: SessionDep, cursor: CursorDep, state: State = "") -> Page[TransferRow]:
    """List transfers, newest first."""
    rows, key = transfers.list_transfers(session, state, cursor.limit, cursor.after)
    return Page(items=[TransferRow.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/inventory/transfers", dependencies=ADJUST, status_code=201)
def create_transfer(session: SessionDep, given: TransferInput) -> TransferOut:
    """Plan a transfer; nothing moves yet."""
    return _transfer(session, transfers.create_transfer(session, given))


@router.get("/inventory/transfers/{transfer_id}", dependencies=VIEW)
def get_transfer(session: SessionDep, transfer_id: UUID) -> TransferOut:
    """Return a transfer with what was sent and received."""
    return _transfer(session, transfers.get_transfer(session, transfer_id))


@router.post("/inventory/transfers/{transfer_id}/send", dependencies=ADJUST)
def send_transfer(session: SessionDep, transfer_id: UUID) -> TransferOut:
    """Take the pieces out of the location they leave."""
    return _transfer(session, transfers.send_transfer(session, transfer_id))


@router.post("/inventory/transfers/{transfer_id}/receive", dependencies=ADJUST)
def receive_transfer(session: SessionDep, transfer_id: UUID, given: ReceivedInput) -> TransferOut:
    """Put what arrived on the shelf, perhaps a part."""
    arrived: dict[UUID, int] = {}
    for line in given.lines:
        arrived[line.variant_id] = arrived.get(line.variant_id, 0) + line.quantity
    done = transfers.receive_transfer(session, transfer_id, arrived, rest_is_missing=given.rest_is_missing)
    return _transfer(session, done)


@router.post("/inventory/transfers/{transfer_id}/cancel", dependencies=ADJUST)
def cancel_transfer(session: SessionDep, transfer_id: UUID) -> TransferOut:
    """End a transfer; what has not arrived goes back."""
    return _transfer(session, transfers.cancel_transfer(session, transfer_id))


@router.get("/inventory/stocktakes", dependencies=VIEW)
def list_stocktakes(session: SessionDep, cursor: CursorDep, state: State = "") -> Page[StocktakeRow]:
    """List stocktakes, newest first."""
    rows, key = stocktakes.list_stocktakes(session, state, cursor.limit, cursor.after)
    return Page(items=[StocktakeRow.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/inventory/stocktakes", dependencies=COUNT, status_code=201)
def open_stocktake(session: SessionDep, given: StocktakeInput) -> StocktakeRow:
    """Begin to count a location."""
    return StocktakeRow.model_validate(stocktakes.open_stocktake(session, given))


@router.get("/inventory/stocktakes/{stocktake_id}", dependencies=VIEW)
def get_stocktake(session: SessionDep, stocktake_id: UUID) -> StocktakeRow:
    """Return a stocktake."""
    return StocktakeRow.model_validate(stocktakes.get_stocktake(session, stocktake_id))


@router.get("/inventory/stocktakes/{stocktake_id}/lines", dependencies=VIEW)
def list_counts(session: SessionDep, stocktake_id: UUID) -> list[StocktakeLineOut]:
    """Return what was counted, each beside what the counter said then."""
    found = stocktakes.list_lines(session, stocktakes.get_stocktake(session, stocktake_id).id)
    return [StocktakeLineOut.model_validate(line) for line in found]


@router.post("/inventory/stocktakes/{stocktake_id}/counts", dependencies=COUNT)
def count_places(session: SessionDep, stocktake_id: UUID, given: CountsInput) -> StocktakeRow:
    """Write counts down."""
    counts = {count.inventory_id: count.counted for count in given.counts}
    return StocktakeRow.model_validate(stocktakes.count_places(session, stocktake_id, counts))


@router.post("/inventory/stocktakes/{stocktake_id}/steps", dependencies=COUNT)
def move_stocktake(session: SessionDep, stocktake_id: UUID, given: StepInput) -> StocktakeRow:
    """Lead a stocktake to another state; posting writes the differences to the ledger."""
    return StocktakeRow.model_validate(stocktakes.move_stocktake(session, stocktake_id, given.state))


def _transfer(session: Session, transfer: Transfer) -> TransferOut:
    lines = [TransferLineOut.model_validate(line) for line in transfers.list_lines(session, transfer.id)]
    return TransferOut(**TransferRow.model_validate(transfer).model_dump(), lines=lines)
