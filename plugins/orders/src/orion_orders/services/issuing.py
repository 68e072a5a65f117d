"""Issues what waits; an order whose data are incomplete sells, its invoice waits, and it holds up no other."""

from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from orion_core.mail import Mail, send_mail
from orion_orders.documents.files import DocumentInvalid
from orion_orders.exceptions import InvoiceExceeded
from orion_orders.models import Invoice
from orion_orders.services.invoices import get_invoice, issue_due
from orion_orders.services.links import order_token
from orion_orders.services.orders import get_order

log = structlog.get_logger()


def issue_or_wait(session: Session, order_id: UUID) -> list[Invoice]:
    """Issue what an order is due; if that lacks something, nothing is issued, no number is taken, and it waits.

    Args:
        session: A session of the store.
        order_id: The order.
    """
    order = get_order(session, order_id)
    try:
        with session.begin_nested():
            return issue_due(session, order)
    except DocumentInvalid as invalid:
        log.warning("invoice_waits", order=order.number, problems=invalid.problems)
    except InvoiceExceeded as exceeded:
        log.warning("invoice_waits", order=order.number, problems=[exceeded.title])
    return []


def mail_invoice(session: Session, invoice_id: UUID) -> None:
    """Send a document to the buyer, once."""
    invoice = get_invoice(session, invoice_id)
    order = get_order(session, invoice.order_id)
    if order.email is None:
        return
    mail = Mail(
        template="orders/mail/invoice.html",
        to=order.email,
        locale=order.locale,
        key=f"orders.invoice:{invoice.id}",
        variables={"order": order, "invoice": invoice, "token": order_token(order)},
        attachments=(invoice.pdf_id,),
    )
    send_mail(session, mail)
