"""Fills the shelves of the demo stores: a warehouse and a shop each, some articles low, some gone."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from orion_catalog.api import find_variants, search_variants
from orion_core.context import current_context, use_context
from orion_core.ids import new_id
from orion_inventory.models import Inventory, Location
from orion_inventory.services.ledger import Cause, Move, lock, post

NAMES = {
    "en": ("Warehouse", "Shop floor"),
    "fr": ("Entrepôt", "Magasin"),
    "de": ("Lager", "Verkaufsraum"),
    "lb": ("Lager", "Buttek"),
}
MOST = 5000


def plant(session: Session, world: dict[str, Any]) -> None:
    for store in world["stores"]:
        with use_context(replace(current_context(), tenant=store["tenant"])):
            warehouse, shop = _locations(session)
            ids = iter(search_variants(session, "", MOST))
            while batch := list(islice(ids, 500)):
                _fill(session, batch, warehouse, shop)


def _locations(session: Session) -> tuple[UUID, UUID]:
    warehouse, shop = NAMES.get(current_context().store.locale, NAMES["en"])
    places = [
        Location(code="warehouse", name=warehouse, kind="warehouse", priority=1),
        Location(code="shop", name=shop, kind="shop", priority=2),
    ]
    session.add_all(places)
    session.flush()
    return places[0].id, places[1].id


def _fill(session: Session, variant_ids: list[UUID], warehouse: UUID, shop: UUID) -> None:
    planned = dict(_shares(session, variant_ids))
    for variant_id in planned:
        bin_ = f"{'ABCDEF'[variant_id.int % 6]}{variant_id.int % 17 + 1}"
        session.add_all(
            [
                Inventory(id=new_id(), variant_id=variant_id, location_id=warehouse, bin=bin_, low_stock_at=2),
                Inventory(id=new_id(), variant_id=variant_id, location_id=shop),
            ]
        )
    session.flush()
    stock = lock(session, planned)
    moves = [
        Move(level, "receipt", on_hand=pieces)
        for variant_id, shares in planned.items()
        for level, pieces in zip(stock.of(variant_id), shares, strict=True)
        if pieces
    ]
    post(session, stock, moves, Cause(reason="Demo"))


def _shares(session: Session, variant_ids: Iterable[UUID]) -> Iterator[tuple[UUID, tuple[int, int]]]:
    """Divide what the feed said of each article between warehouse and shop."""
    for variant_id, item in sorted(find_variants(session, variant_ids).items(), key=lambda pair: pair[1].sku):
        chance = random.Random(item.sku)  # noqa: S311 - the same demo every time is the point
        pieces = item.quantity_hint if item.quantity_hint is not None else chance.choice((0, 2, 9, 30))
        in_shop = min(pieces, chance.choice((0, 1, 3)))
        yield variant_id, (pieces - in_shop, in_shop)
