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


class OrderCredited(AboutOrder, Event):
    """Pieces need not be paid after all: cancelled, withdrawn, returned or lost."""

    type = "orders.order_credited.v1"

    amount_minor: int


class OrderEdited(AboutOrder, Event):
    """Lines were added to a placed order; what it no longer holds comes as ``OrderCredited``."""

    type = "orders.order_edited.v1"

    total_minor: int


class PaymentRecorded(AboutOrder, Event):
    """Somebody wrote down money that came (``payment``) or went (``refund``)."""

    type = "orders.payment_recorded.v1"

    kind: str
    amount_minor: int
    due_minor: int


class FulfilmentShipped(AboutOrder, Event):
    type = "orders.fulfilment_shipped.v1"

    fulfilment_id: UUID


class WithdrawalDeclared(AboutOrder, Event):
    """A buyer withdrew from the contract, wholly or in part."""

    type = "orders.withdrawal_declared.v1"

    return_id: UUID


class ReturnReceived(AboutOrder, Event):
    type = "orders.return_received.v1"

    return_id: UUID


class InvoiceIssued(AboutOrder, Event):
    """An invoice or a credit note was issued."""

    type = "orders.invoice_issued.v1"

    invoice_id: UUID
    kind: str
    invoice_number: str
