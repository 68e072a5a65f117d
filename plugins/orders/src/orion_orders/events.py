"""What other modules can react to: orders placed, changed and ended, parcels, returns, money, invoices."""

from uuid import UUID

from pydantic import BaseModel

from orion_core.events import Event


class AboutOrder(BaseModel):
    """What all events about an order say; they keep their order among themselves."""

    order_id: UUID
    number: str

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


class OrderPlaced(AboutOrder, Event):
    type = "orders.order_placed.v1"

    channel: str
    total_minor: int
    currency: str


class OrderConfirmed(AboutOrder, Event):
    type = "orders.order_confirmed.v1"


class OrderCompleted(AboutOrder, Event):
    type = "orders.order_completed.v1"


class OrderCancelled(AboutOrder, Event):
    """The order ended without delivery: cancelled, declined or expired."""

    type = "orders.order_cancelled.v1"

    status: str
    reason: str
