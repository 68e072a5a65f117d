"""What orders does when something happens, elsewhere or to an order."""

from typing import Any

from orion_core import Subscriber
from orion_customers.api import EmailVerified
from orion_orders.events import (
    AboutOrder,
    FulfilmentShipped,
    InvoiceIssued,
    OrderCancelled,
    OrderConfirmed,
    OrderCredited,
    OrderEdited,
    OrderPlaced,
    WithdrawalDeclared,
)
from orion_orders.services import issuing, mails
from orion_orders.services.orders import attach_guest_orders


def all_subscribers() -> list[Subscriber]:
    """Return the module's subscribers."""
    return [
        Subscriber(id="orders.attach_guest_orders", event=EmailVerified, handler=attach_orders),
        Subscriber(id="orders.mail_placed", event=OrderPlaced, handler=mail_placed),
        Subscriber(id="orders.mail_shipped", event=FulfilmentShipped, handler=mail_shipped),
        Subscriber(id="orders.mail_cancelled", event=OrderCancelled, handler=mail_cancelled),
        Subscriber(id="orders.mail_withdrawal", event=WithdrawalDeclared, handler=mail_withdrawal),
        Subscriber(id="orders.mail_invoice", event=InvoiceIssued, handler=mail_invoice),
        *(
            Subscriber(id=f"orders.issue_on_{name}", event=event, handler=issue)
            for name, event in (
                ("confirmation", OrderConfirmed),
                ("shipment", FulfilmentShipped),
                ("edit", OrderEdited),
                ("credit", OrderCredited),
            )
        ),
    ]


def attach_orders(session: Any, event: EmailVerified) -> None:
    """Give a customer what was ordered as a guest under the address they have proven."""
    attach_guest_orders(session, event.customer_id, event.email)


def mail_placed(session: Any, event: OrderPlaced) -> None:
    mails.mail_placed(session, event.order_id)


def mail_shipped(session: Any, event: FulfilmentShipped) -> None:
    mails.mail_shipped(session, event.order_id, event.fulfilment_id)


def mail_cancelled(session: Any, event: OrderCancelled) -> None:
    mails.mail_cancelled(session, event.order_id)


def mail_withdrawal(session: Any, event: WithdrawalDeclared) -> None:
    mails.mail_withdrawal(session, event.order_id, event.return_id)


def mail_invoice(session: Any, event: InvoiceIssued) -> None:
    issuing.mail_invoice(session, event.invoice_id)


def issue(session: Any, event: AboutOrder) -> None:
    """Issue what an order is due by now, whatever happened to it."""
    issuing.issue_or_wait(session, event.order_id)
