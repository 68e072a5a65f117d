"""Stocktakes: count what lies at a location, look at the differences, and post them to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.errors import InvalidInput
from orion_inventory.exceptions import CountClosed, NotAllCounted, StocktakeNotFound
from orion_inventory.machines import STOCKTAKE
from orion_inventory.models import Inventory, Stocktake, StocktakeLine
from orion_inventory.schemas import StocktakeInput
from orion_inventory.services.ledger import Cause, Move, lock, post
from orion_inventory.services.locations import get_location
from orion_inventory.services.steps import take_step

Key = tuple[str, ...]
MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class CountLine:
    """A place of a stocktake with what was counted there."""

    inventory_id: UUID
    variant_id: UUID
    bin: str
    on_hand: int
    counted: int | None
    expected: int | None
    counted_by: str

    @property
    def difference(self) -> int | None:
        return None if self.counted is None or self.expected is None else self.counted - self.expected


def list_stocktakes(
    session: Session, state: str, limit: int, after: tuple[object, ...] | None
) -> tuple[list[Stocktake], Key | None]:
    """Return a page of stocktakes, newest first, and the key of the next one."""
    chosen = select(Stocktake).order_by(Stocktake.id.desc()).limit(limit + 1)
    if state:
        chosen = chosen.where(Stocktake.state == state)
    if after:
        chosen = chosen.where(Stocktake.id < UUID(str(after[0])))
    found = list(session.scalars(chosen))
    return found[:limit], (str(found[limit - 1].id),) if len(found) > limit else None


def get_stocktake(session: Session, stocktake_id: UUID, *, for_change: bool = False) -> Stocktake:
    chosen = select(Stocktake).where(Stocktake.id == stocktake_id)
    if for_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise StocktakeNotFound
    return found


def list_lines(session: Session, stocktake_id: UUID) -> list[CountLine]:
    line = StocktakeLine
    chosen = (
        select(
            line.inventory_id,
            Inventory.variant_id,
            Inventory.bin,
            Inventory.on_hand,
            line.counted,
            line.expected,
            line.counted_by,
        )
        .join(Inventory, Inventory.id == line.inventory_id)
        .where(line.stocktake_id == stocktake_id)
        .order_by(Inventory.bin, line.inventory_id)
        .limit(MOST_LINES)
    )
    return [CountLine(*row) for row in session.execute(chosen)]


def open_stocktake(session: Session, given: StocktakeInput) -> Stocktake:
    """Begin to count a location: every place there is becomes a line."""
    get_location(session, given.location_id)
    places = session.scalars(
        select(Inventory.id).where(Inventory.location_id == given.location_id).order_by(Inventory.id)
    ).all()
    if not places:
        raise InvalidInput(errors={"location_id": "Nothing is kept at this location"})
    if len(places) > MOST_LINES:
        raise InvalidInput(errors={"location_id": "Too many places for one stocktake; divide the location"})
    stocktake = Stocktake(location_id=given.location_id, note=given.note)
    session.add(stocktake)
    session.flush()
    rows = [{"stocktake_id": stocktake.id, "inventory_id": place} for place in places]
    session.execute(insert(StocktakeLine), rows)
    return stocktake


def count_places(session: Session, stocktake_id: UUID, counts: Mapping[UUID, int]) -> Stocktake:
    """Write down counts, each beside what the counter says at this moment; a later count replaces an earlier one."""
    stocktake = get_stocktake(session, stocktake_id, for_change=True)
    if stocktake.state != "open":
        raise CountClosed
    lines = {
        line.inventory_id: line
        for line in session.scalars(select(StocktakeLine).where(StocktakeLine.stocktake_id == stocktake_id))
    }
    if counts.keys() - lines.keys():
        raise InvalidInput(errors={"counts": "This place is not part of the stocktake"})
    chosen = select(Inventory.variant_id).where(Inventory.id.in_(counts)).distinct()
    stock = lock(session, session.scalars(chosen).all())
    for inventory_id, counted in counts.items():
        level, line = stock.find(inventory_id), lines[inventory_id]
        line.counted, line.expected = counted, level.on_hand if level else 0
        line.counted_by = (current_context().actor or SYSTEM).name
    session.flush()
    return stocktake


def move_stocktake(session: Session, stocktake_id: UUID, state: str) -> Stocktake:
    """Lead a stocktake to another state; posting it writes the differences to the ledger.

    Raises:
        IllegalTransition: If that state cannot follow.
        NotAllCounted: If places are left to count.
        NotEnoughStock: If more is missing than is free.
    """
    stocktake = get_stocktake(session, stocktake_id, for_change=True)
    take_step(session, STOCKTAKE, stocktake, state)
    if state == "counted" and _left(session, stocktake_id):
        raise NotAllCounted
    if state == "posted":
        _post(session, stocktake)
    return stocktake


def _left(session: Session, stocktake_id: UUID) -> int:
    left = (StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.counted.is_(None))
    return session.scalar(select(func.count()).select_from(StocktakeLine).where(*left)) or 0


def _post(session: Session, stocktake: Stocktake) -> None:
    lines = [line for line in list_lines(session, stocktake.id) if line.difference]
    stock = lock(session, {line.variant_id for line in lines})
    found = {level.id: level for levels in stock.by_variant.values() for level in levels}
    moves = [Move(found[line.inventory_id], "stocktake", on_hand=line.difference or 0) for line in lines]
    post(session, stock, moves, Cause(stocktake_id=stocktake.id))
