"""All that other modules may use of inventory: how many pieces can be sold, and its events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from orion_inventory.events import LedgerMismatchFound, LowStock, StockChanged, StocktakeChanged, TransferChanged
from orion_inventory.services import demand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "LedgerMismatchFound",
    "LowStock",
    "StockChanged",
    "StocktakeChanged",
    "TransferChanged",
    "find_available",
]


def find_available(session: Session, variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many pieces of each variant can be sold now; variants that nobody counts are left out.

    Args:
        session: A session of the current tenant.
        variant_ids: The variants asked for.
    """
    found = demand.available(session, variant_ids, None)
    return {variant_id: pieces for variant_id, pieces in found.items() if pieces is not None}
