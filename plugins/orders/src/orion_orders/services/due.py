"""What an order is due: its invoice and its credit notes, whether or not they lack something yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from orion_orders.config import OrdersConfig
from orion_orders.documents.model import InvoiceDocument
from orion_orders.exceptions import InvoiceExceeded
from orion_orders.models import Fulfilment, FulfilmentItem, Invoice, Order, OrderCredit, OrderItem
from orion_orders.services.invoice_content import credit_document, invoice_document
from orion_orders.services.orders import items_of

INVOICED = ("confirmed", "completed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document without its number, and what is settled once it is issued.

    Args:
        document: What stands on it.
        items: Lines that stand on no other invoice from then on.
        credits_: Credits it reckons with.
        corrects: The invoice that a credit note corrects.
    """

    document: InvoiceDocument
    items: Sequence[OrderItem] = ()
    credits_: Sequence[OrderCredit]
    corrects: Invoice | None = None


def drafts_of(session: Session, config: OrdersConfig, order: Order) -> list[Draft]:
    """Return an order's invoice over what stands on none yet, and a credit note for each invoice credited since.

    Args:
        session: A session of the store.
        config: How the store sells, and who it is.
        order: The order.

    Raises:
        DocumentInvalid: Something cannot stand on a document.
        InvoiceExceeded: More would be credited than was invoiced.
    """
    if order.channel == "import":
        return []
    items = items_of(session, order)
    open_credits = _open_credits(session, order)
    drafts = [*_credit_notes(session, config, order, items, open_credits)]
    if _may_be_invoiced(config, order) and (invoice := _invoice(session, config, order, items, open_credits)):
        drafts.insert(0, invoice)
    return drafts


def _may_be_invoiced(config: OrdersConfig, order: Order) -> bool:
    if order.status not in INVOICED:
        return False
    return config.invoice_on == "confirmation" or order.fulfilment_status != "unfulfilled"


def _invoice(
    session: Session,
    config: OrdersConfig,
    order: Order,
    items: Sequence[OrderItem],
    open_credits: Sequence[OrderCredit],
) -> Draft | None:
    fresh = [item for item in items if item.invoice_id is None]
    ours = {item.id for item in fresh}
    credits_ = [credit for credit in open_credits if credit.item_id in ours]
    document = invoice_document(
        config,
        order,
        fresh,
        credits_,
        _today(),
        supplied_on=_supplied_on(session, order, fresh),
        charged_minor=_charged(session, order),
    )
    return Draft(document=document, items=fresh, credits_=credits_) if document else None


def _supplied_on(session: Session, order: Order, items: Sequence[OrderItem]) -> date:
    """Return the day the last parcel with the items was shipped, or the order's if none is; stores are in UTC."""
    shipped = (
        select(func.max(Fulfilment.shipped_at))
        .join(FulfilmentItem, FulfilmentItem.fulfilment_id == Fulfilment.id)
        .where(Fulfilment.order_id == order.id, FulfilmentItem.item_id.in_([item.id for item in items]))
    )
    at = session.scalar(shipped) or order.placed_at or order.created_at
    return at.astimezone(UTC).date()


def _charged(session: Session, order: Order) -> int:
    """Return what the order's documents so far ask for; payments count towards that first."""
    signed = case((Invoice.kind == "invoice", Invoice.total_minor), else_=-Invoice.total_minor)
    return session.scalar(select(func.sum(signed)).where(Invoice.order_id == order.id)) or 0


def _credit_notes(
    session: Session,
    config: OrdersConfig,
    order: Order,
    items: Sequence[OrderItem],
    open_credits: Sequence[OrderCredit],
) -> Iterator[Draft]:
    by_id = {item.id: item for item in items}
    pairs = [(credit, by_id[credit.item_id]) for credit in open_credits]
    due = sorted((pair for pair in pairs if pair[1].invoice_id), key=lambda pair: str(pair[1].invoice_id))
    for invoice_id, grouped in groupby(due, key=lambda pair: pair[1].invoice_id):
        corrected, credited = session.get_one(Invoice, (order.store_id, invoice_id)), list(grouped)
        _refuse_exceeding(session, corrected, sum(credit.amount_minor for credit, _ in credited))
        document = credit_document(config, order, corrected, credited, _today())
        yield Draft(document=document, credits_=[credit for credit, _ in credited], corrects=corrected)


def _refuse_exceeding(session: Session, invoice: Invoice, amount: int) -> None:
    before = session.scalar(select(func.sum(Invoice.total_minor)).where(Invoice.corrects_id == invoice.id)) or 0
    if before + amount > invoice.total_minor:
        raise InvoiceExceeded(number=invoice.number, left_minor=invoice.total_minor - before)


def _open_credits(session: Session, order: Order) -> list[OrderCredit]:
    statement = select(OrderCredit).where(OrderCredit.order_id == order.id, OrderCredit.invoice_id.is_(None))
    return list(session.scalars(statement.order_by(OrderCredit.id)))


def _today() -> date:
    return datetime.now(UTC).date()
