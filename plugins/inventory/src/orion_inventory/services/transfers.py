"""Transfers: pieces leave one location, are on their way, and arrive at another, perhaps not all of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.api import find_variants
from orion_core.errors import InvalidInput
from orion_inventory.exceptions import NotEnoughStock, TransferNotFound
from orion_inventory.machines import TRANSFER
from orion_inventory.models import Inventory, Transfer, TransferLine
from orion_inventory.schemas import TransferInput
from orion_inventory.services.ledger import Cause, Move, lock, post
from orion_inventory.services.locations import get_location
from orion_inventory.services.places import open_places
from orion_inventory.services.steps import take_step

Key = tuple[str, ...]


def list_transfers(
    session: Session, state: str, limit: int, after: tuple[object, ...] | None
) -> tuple[list[Transfer], Key | None]:
    """Return a page of transfers, newest first, and the key of the next one."""
    chosen = select(Transfer).order_by(Transfer.id.desc()).limit(limit + 1)
    if state:
        chosen = chosen.where(Transfer.state == state)
    if after:
        chosen = chosen.where(Transfer.id < UUID(str(after[0])))
    found = list(session.scalars(chosen))
    return found[:limit], (str(found[limit - 1].id),) if len(found) > limit else None


def get_transfer(session: Session, transfer_id: UUID, *, for_change: bool = False) -> Transfer:
    chosen = select(Transfer).where(Transfer.id == transfer_id)
    if for_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise TransferNotFound
    return found


def list_lines(session: Session, transfer_id: UUID) -> Sequence[TransferLine]:
    chosen = select(TransferLine).where(TransferLine.transfer_id == transfer_id)
    return session.scalars(chosen.order_by(TransferLine.variant_id)).all()


def create_transfer(session: Session, given: TransferInput) -> Transfer:
    """Plan a transfer; nothing moves yet."""
    if given.source_id == given.target_id:
        raise InvalidInput(errors={"target_id": "Choose another location than the one they leave"})
    for location_id in (given.source_id, given.target_id):
        get_location(session, location_id)
    pieces: dict[UUID, int] = {}
    for line in given.lines:
        pieces[line.variant_id] = pieces.get(line.variant_id, 0) + line.quantity
    if pieces.keys() - find_variants(session, pieces).keys():
        raise InvalidInput(errors={"lines": "There is no article with this number"})
    transfer = Transfer(source_id=given.source_id, target_id=given.target_id, note=given.note)
    session.add(transfer)
    session.flush()
    lines = [TransferLine(transfer_id=transfer.id, variant_id=key, quantity=count) for key, count in pieces.items()]
    session.add_all(lines)
    session.flush()
    return transfer


def send_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """Take the pieces out of the source.

    Raises:
        NotEnoughStock: If fewer are free there.
    """
    transfer = get_transfer(session, transfer_id, for_change=True)
    take_step(session, TRANSFER, transfer, "in_transit")
    lines = list_lines(session, transfer_id)
    stock = lock(session, [line.variant_id for line in lines])
    moves = []
    for line in lines:
        left = line.quantity
        for level in stock.of(line.variant_id):
            taken = min(left, level.free) if level.location_id == transfer.source_id else 0
            left -= taken
            if taken:
                moves.append(Move(level, "transfer_out", on_hand=-taken))
        if left:
            raise NotEnoughStock(variant_id=str(line.variant_id), free=line.quantity - left)
    post(session, stock, moves, Cause(transfer_id=transfer.id))
    return transfer


def receive_transfer(
    session: Session, transfer_id: UUID, arrived: Mapping[UUID, int], *, rest_is_missing: bool = False
) -> Transfer:
    """Put what arrived on the shelf of the target; the transfer ends with the last piece, or when told so."""
    transfer = get_transfer(session, transfer_id, for_change=True)
    TRANSFER.step(transfer.state, "received")
    lines = {line.variant_id: line for line in list_lines(session, transfer_id)}
    for variant_id, pieces in arrived.items():
        line = lines.get(variant_id)
        if line is None or line.received + pieces > line.quantity:
            raise InvalidInput(errors={"lines": "More arrived than were sent; correct the source first"})
        line.received += pieces
    _put(session, transfer, transfer.target_id, arrived)
    if rest_is_missing or all(line.received == line.quantity for line in lines.values()):
        take_step(session, TRANSFER, transfer, "received")
    session.flush()
    return transfer


def cancel_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """End a transfer; what has not arrived goes back where it came from."""
    transfer = get_transfer(session, transfer_id, for_change=True)
    was_on_its_way = transfer.state == "in_transit"
    take_step(session, TRANSFER, transfer, "cancelled")
    if was_on_its_way:
        rest = {line.variant_id: line.quantity - line.received for line in list_lines(session, transfer_id)}
        _put(session, transfer, transfer.source_id, rest)
    return transfer


def _put(session: Session, transfer: Transfer, location_id: UUID, arrived: Mapping[UUID, int]) -> None:
    pieces = {variant_id: count for variant_id, count in arrived.items() if count}
    here = select(Inventory.variant_id).where(Inventory.location_id == location_id, Inventory.variant_id.in_(pieces))
    known = set(session.scalars(here))
    open_places(session, [(variant_id, location_id, "") for variant_id in pieces if variant_id not in known])
    stock = lock(session, pieces)
    moves = []
    for variant_id, count in pieces.items():
        level = next(level for level in stock.of(variant_id) if level.location_id == location_id)
        moves.append(Move(level, "transfer_in", on_hand=count))
    post(session, stock, moves, Cause(transfer_id=transfer.id))
