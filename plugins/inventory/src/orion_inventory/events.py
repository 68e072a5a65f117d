"""What other modules can react to: stock that runs low or out or comes back, and the papers that move it."""

from uuid import UUID

from orion_core.events import Event


class StockChanged(Event):
    """What can be sold of a variant ran out, came back, or crossed the low-stock mark; reservations are not counted."""

    type = "inventory.stock_changed.v1"

    variant_id: UUID
    available: int

    @property
    def aggregate_id(self) -> UUID:
        return self.variant_id


class LowStock(Event):
    """Free pieces of a variant fell to the low-stock mark of a location."""

    type = "inventory.low_stock.v1"

    variant_id: UUID
    location_id: UUID
    available: int

    @property
    def aggregate_id(self) -> UUID:
        return self.variant_id


class LedgerMismatchFound(Event):
    """A counter differs from what its records add up to. Published once, outside any tenant."""

    type = "inventory.ledger_mismatch.v1"

    store_id: UUID
    inventory_id: UUID
    counter: str
    counted: int
    proven: int


class TransferChanged(Event):
    type = "inventory.transfer_changed.v1"

    record_id: UUID
    source: str
    state: str

    @property
    def aggregate_id(self) -> UUID:
        return self.record_id


class StocktakeChanged(Event):
    type = "inventory.stocktake_changed.v1"

    record_id: UUID
    source: str
    state: str

    @property
    def aggregate_id(self) -> UUID:
        return self.record_id
