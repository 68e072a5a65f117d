"""What people do to the pieces of one place: begin to track, receive, correct, set aside, write off."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_catalog.api import get_variant
from orion_core.context import current_context
from orion_core.ids import new_id
from orion_core.services.settings import get_settings
from orion_inventory.config import InventoryConfig
from orion_inventory.exceptions import InventoryNotFound, NothingChanges
from orion_inventory.models import Inventory
from orion_inventory.schemas import Adjustment, AdjustmentInput, ReceiptInput
from orion_inventory.services.ledger import Cause, Level, Move, lock, post
from orion_inventory.services.locations import get_location

_MOVES: dict[Adjustment, Callable[[Level, int], Move]] = {
    "set": lambda level, pieces: Move(level, "adjustment", on_hand=pieces - level.on_hand),
    "write_off": lambda level, pieces: Move(level, "write_off", on_hand=-pieces),
    "set_aside": lambda level, pieces: Move(level, "adjustment", on_hand=-pieces, unavailable=pieces),
    "put_back": lambda level, pieces: Move(level, "adjustment", on_hand=pieces, unavailable=-pieces),
    "discard": lambda level, pieces: Move(level, "write_off", unavailable=-pieces),
}


def get_place(session: Session, inventory_id: UUID) -> Inventory:
    chosen = select(Inventory).where(Inventory.id == inventory_id).execution_options(populate_existing=True)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise InventoryNotFound
    return found


def open_places(session: Session, wanted: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Begin to track variants in places where they are not: triples of variant, location and bin."""
    if not wanted:
        return
    low_stock_at = get_settings(session, InventoryConfig).low_stock_at
    rows = [
        {
            "store_id": current_context().store_id,
            "id": new_id(),
            "variant_id": variant_id,
            "location_id": location_id,
            "bin": bin_,
            "low_stock_at": low_stock_at,
        }
        for variant_id, location_id, bin_ in sorted(wanted)
    ]
    session.execute(insert(Inventory).on_conflict_do_nothing(), rows)


def find_place(session: Session, variant_id: UUID, location_id: UUID, bin_: str = "") -> UUID:
    """Return the id of a place, made if it was not there."""
    open_places(session, [(variant_id, location_id, bin_)])
    here = (Inventory.variant_id == variant_id, Inventory.location_id == location_id, Inventory.bin == bin_)
    return session.scalars(select(Inventory.id).where(*here)).one()


def receive(session: Session, variant_id: UUID, given: ReceiptInput) -> Inventory:
    """Put new pieces on the shelf; zero pieces only begin to track the variant."""
    get_variant(session, variant_id)
    get_location(session, given.location_id)
    inventory_id = find_place(session, variant_id, given.location_id, given.bin)
    if given.quantity:
        change(session, inventory_id, lambda level: Move(level, "receipt", on_hand=given.quantity), given.reason)
    return get_place(session, inventory_id)


def adjust(session: Session, variant_id: UUID, given: AdjustmentInput) -> Inventory:
    """Correct a place's counters, for a reason.

    Raises:
        NothingChanges: If they are already so.
        NotEnoughStock: If fewer would be left than are promised.
    """
    if get_place(session, given.inventory_id).variant_id != variant_id:
        raise InventoryNotFound
    change(session, given.inventory_id, lambda level: _MOVES[given.what](level, given.quantity), given.reason)
    return get_place(session, given.inventory_id)


def change(session: Session, inventory_id: UUID, make: Callable[[Level], Move], reason: str) -> None:
    """Post one move of one place; ``make`` sees its counters locked."""
    stock = lock(session, [get_place(session, inventory_id).variant_id])
    level = stock.find(inventory_id)
    if level is None:
        raise InventoryNotFound
    move = make(level)
    if not (move.on_hand or move.unavailable):
        raise NothingChanges(errors={"quantity": "This would change nothing"})
    post(session, stock, [move], Cause(reason=reason))


def set_low_stock_at(session: Session, variant_id: UUID, inventory_id: UUID, pieces: int | None) -> Inventory:
    place = get_place(session, inventory_id)
    if place.variant_id != variant_id:
        raise InventoryNotFound
    place.low_stock_at = pieces
    session.flush()
    return place
