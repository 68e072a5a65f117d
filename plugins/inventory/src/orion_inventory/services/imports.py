"""Stock from a file: article number, location and how many pieces are there; the same file again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.api import find_variants_by_sku
from orion_core.db import unit_of_work
from orion_inventory.exceptions import FileUnusable
from orion_inventory.models import Inventory, Location
from orion_inventory.schemas import MOST
from orion_inventory.services.ledger import Cause, Move, Stock, lock, post
from orion_inventory.services.places import open_places

COLUMNS = ("sku", "location", "quantity")
BATCH = 500


class Row(NamedTuple):
    number: int
    sku: str
    location: str
    quantity: str


@dataclass(slots=True)
class Report:
    """What became of the rows of a file."""

    rows: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Row number, article number and why."""


def import_stock(lines: Iterable[str], reason: str, progress: Callable[[int, int | None], None]) -> Report:
    """Set how many pieces there are, row by row; each batch is one transaction.

    Args:
        lines: The file.
        reason: What the ledger says about it.
        progress: Is told how many rows are done.

    Raises:
        FileUnusable: If it has not the columns.
    """
    report, seen = Report(), set[tuple[str, str]]()
    file = _read(lines)
    while rows := list(islice(file, BATCH)):
        fresh = []
        for row in rows:
            report.rows += 1
            if (row.sku, row.location) in seen:
                report.refused.append((row.number, row.sku, "this article and location were named before"))
            else:
                seen.add((row.sku, row.location))
                fresh.append(row)
        with unit_of_work() as session:
            _apply(session, fresh, reason, report)
        progress(report.rows, None)
    return report


def _read(lines: Iterable[str]) -> Iterator[Row]:
    lines = iter(lines)
    head = next(lines, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    if missing := [name for name in COLUMNS if name not in names]:
        raise FileUnusable(f"the file has no column {', '.join(missing)}; it needs sku, location and quantity")
    places = [names.index(name) for name in COLUMNS]
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        if any(cells):
            yield Row(number, *(cells[place].strip() if place < len(cells) else "" for place in places))


def _apply(session: Session, rows: list[Row], reason: str, report: Report) -> None:
    items = find_variants_by_sku(session, {row.sku for row in rows})
    locations = {location.code: location.id for location in session.scalars(select(Location))}
    wanted: list[tuple[Row, UUID, UUID, int]] = []
    for row in rows:
        item, location_id = items.get(row.sku), locations.get(row.location)
        if why := _refusal(row, is_known=item is not None, has_location=location_id is not None):
            report.refused.append((row.number, row.sku, why))
        elif item and location_id:
            wanted.append((row, item.variant_id, location_id, int(row.quantity)))
    _open_missing(session, [(variant_id, location_id) for _, variant_id, location_id, _ in wanted])
    stock = lock(session, {variant_id for _, variant_id, _, _ in wanted})
    moves = [move for each in wanted if (move := _set(stock, *each, report=report))]
    post(session, stock, moves, Cause(reason=reason))


def _refusal(row: Row, *, is_known: bool, has_location: bool) -> str:
    if not is_known:
        return "there is no article with this number"
    if not has_location:
        return f"there is no location {row.location!r}"
    if not (row.quantity.isascii() and row.quantity.isdigit() and int(row.quantity[:12]) <= MOST):
        return f"{row.quantity!r} is not a number of pieces"
    return ""


def _open_missing(session: Session, places: list[tuple[UUID, UUID]]) -> None:
    known = select(Inventory.variant_id, Inventory.location_id).where(
        Inventory.bin == "", Inventory.variant_id.in_({variant_id for variant_id, _ in places})
    )
    there = {(row[0], row[1]) for row in session.execute(known)}
    open_places(session, [(*place, "") for place in places if place not in there])


def _set(stock: Stock, row: Row, variant_id: UUID, location_id: UUID, pieces: int, *, report: Report) -> Move | None:
    """Return the move to so many pieces; those in named bins of the location stay as they are."""
    level = next(each for each in stock.of(variant_id) if each.location_id == location_id and not each.bin)
    if pieces == level.on_hand:
        report.unchanged += 1
    elif pieces < level.reserved:
        report.refused.append((row.number, row.sku, f"{level.reserved} pieces are promised to orders"))
    else:
        report.changed += 1
        return Move(level, "adjustment", on_hand=pieces - level.on_hand)
    return None
