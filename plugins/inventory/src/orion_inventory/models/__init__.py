"""The inventory module's tables; importing this package maps them all."""

from orion_inventory.models.base import Base
from orion_inventory.models.documents import Step, Stocktake, StocktakeLine, Transfer, TransferLine
from orion_inventory.models.ledger import InventoryTransaction, LedgerMismatch
from orion_inventory.models.stock import Allocation, Inventory, Location, Reservation

__all__ = [
    "Allocation",
    "Base",
    "Inventory",
    "InventoryTransaction",
    "LedgerMismatch",
    "Location",
    "Reservation",
    "Step",
    "Stocktake",
    "StocktakeLine",
    "Transfer",
    "TransferLine",
]
