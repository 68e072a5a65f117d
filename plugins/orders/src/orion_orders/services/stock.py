"""Asks whoever keeps stock; with nobody there, or switched off, stock is unlimited."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.runtime import ask_modules
from orion_orders.exceptions import OutOfStock

Demand = Mapping[UUID, int]
"""Pieces by variant."""


def summed(pairs: Iterable[tuple[UUID | None, int]]) -> dict[UUID, int]:
    """Sum pieces per variant, in key order; lines without a variant need no stock.

    Args:
        pairs: Variant and pieces of each line.
    """
    demand: dict[UUID, int] = {}
    for variant_id, quantity in pairs:
        if variant_id is not None and quantity:
            demand[variant_id] = demand.get(variant_id, 0) + quantity
    return dict(sorted(demand.items()))


def available(session: Session, variant_ids: list[UUID], cart_id: UUID | None = None) -> dict[UUID, int]:
    """Return how many pieces there are of those variants whose stock is tracked."""
    arguments = {"session": session, "variant_ids": variant_ids, "cart_id": cart_id}
    answers = [answer for _, answer in ask_modules("orders_available", **arguments)]
    found: dict[UUID, int] = {}
    for answer in answers:
        for variant_id, pieces in answer.items():
            if pieces is not None:
                found[variant_id] = min(pieces, found.get(variant_id, pieces))
    return found


def hold(session: Session, cart_id: UUID, demand: Demand, until: datetime) -> dict[UUID, int]:
    """Reserve for a checkout; return how many there are of what cannot be held."""
    return _short("orders_hold", session=session, cart_id=cart_id, demand=demand, until=until)


def lock(session: Session, variant_ids: Iterable[UUID | None]) -> None:
    """Lock all stock that a transaction will change in more than one step, before the first.

    Args:
        session: A session of the store.
        variant_ids: The variants of all steps; lines without one need no stock.
    """
    wanted = sorted({variant_id for variant_id in variant_ids if variant_id is not None})
    if wanted:
        ask_modules("orders_lock", session=session, variant_ids=wanted)


def allocate(session: Session, order_id: UUID, cart_id: UUID | None, demand: Demand) -> None:
    """Promise pieces to an order.

    Raises:
        OutOfStock: If something is short; the transaction has to be rolled back.
    """
    short = _short("orders_allocate", session=session, order_id=order_id, cart_id=cart_id, demand=demand)
    if short:
        raise OutOfStock(available={str(variant_id): pieces for variant_id, pieces in short.items()})


def release(session: Session, order_id: UUID, demand: Demand) -> None:
    """Take back what was promised and not shipped."""
    if demand:
        ask_modules("orders_release", session=session, order_id=order_id, demand=demand)


def ship(session: Session, order_id: UUID, fulfilment_id: UUID, demand: Demand) -> None:
    """Take out what left the house."""
    if demand:
        ask_modules("orders_ship", session=session, order_id=order_id, fulfilment_id=fulfilment_id, demand=demand)


def take_back(session: Session, order_id: UUID, return_id: UUID, goods: list[tuple[UUID, int, str]]) -> None:
    """Put back what a customer returned."""
    if goods:
        ask_modules("orders_take_back", session=session, order_id=order_id, return_id=return_id, goods=goods)


def _short(hook: str, **arguments: Any) -> dict[UUID, int]:
    if not arguments["demand"] and hook == "orders_allocate":
        return {}
    return {variant: pieces for _, answer in ask_modules(hook, **arguments) for variant, pieces in answer.items()}
