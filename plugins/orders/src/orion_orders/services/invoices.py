"""Issues invoices and credit notes: numbered without gaps, chained by hashes, checked before they exist."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.events import publish
from orion_core.files import StoredFile, read_file, store_file
from orion_core.ids import new_id
from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.documents.files import DocumentFiles, DocumentInvalid, make_files
from orion_orders.documents.model import InvoiceDocument, canonical
from orion_orders.events import InvoiceIssued
from orion_orders.exceptions import InvoiceExceeded, RecordNotFound
from orion_orders.models import Invoice, InvoiceSeries, Order, OrderCredit
from orion_orders.services.invoice_content import credit_document, invoice_document
from orion_orders.services.orders import items_of
from orion_orders.services.timeline import record

INVOICED = ("confirmed", "completed")
FORMATS = ("pdf", "ubl", "cii")


def issue_due(session: Session, order: Order) -> list[Invoice]:
    """Issue what an order is due: an invoice over what stands on none yet, credit notes over what was credited since.

    Args:
        session: A session of the store.
        order: The order; its row, then that of the series, stay locked until the commit.

    Returns:
        What was issued; empty if everything was before, or nothing is due.

    Raises:
        DocumentInvalid: What is to be issued lacks something, most often about the seller. Nothing was issued, and
            the transaction has to be rolled back.
    """
    session.refresh(order, with_for_update=True)
    if order.channel == "import":
        return []
    config = get_settings(session, OrdersConfig)
    issued = _invoice(session, config, order) if _may_be_invoiced(config, order) else []
    return [*issued, *_credit_notes(session, config, order)]


def list_documents(session: Session, order: Order) -> list[Invoice]:
    """Return an order's invoices and credit notes, oldest first."""
    return list(session.scalars(select(Invoice).where(Invoice.order_id == order.id).order_by(Invoice.id)))


def get_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """Return an invoice or a credit note.

    Raises:
        RecordNotFound: The store has no such document.
    """
    found = session.scalars(select(Invoice).where(Invoice.id == invoice_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such invoice")
    return found


def read_document(session: Session, invoice: Invoice, form: str) -> StoredFile:
    """Return a document's file, as it was issued.

    Args:
        session: A session of the store.
        invoice: The document.
        form: ``pdf``, ``ubl`` or ``cii``.

    Raises:
        RecordNotFound: There is no such form.
    """
    if form not in FORMATS:
        raise RecordNotFound("there is no such form of it")
    return read_file(session, getattr(invoice, f"{form}_id"))


def chain_hash(previous: str, document: dict[str, Any], contents: Sequence[bytes]) -> str:
    """Return what chains a document to the one before: SHA-256 over the previous hash, its content and its files.

    Args:
        previous: Hash of the document before; empty for the first.
        document: What stands on it, as it is kept.
        contents: Its files: PDF, CII and UBL.
    """
    parts = [previous.encode(), canonical(document), *contents]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _may_be_invoiced(config: OrdersConfig, order: Order) -> bool:
    if order.status not in INVOICED:
        return False
    return config.invoice_on == "confirmation" or order.fulfilment_status != "unfulfilled"


def _invoice(session: Session, config: OrdersConfig, order: Order) -> list[Invoice]:
    items = [item for item in items_of(session, order) if item.invoice_id is None]
    ours = {item.id for item in items}
    open_credits = [credit for credit in _open_credits(session, order) if credit.item_id in ours]
    document = invoice_document(config, order, items, open_credits, _today(), charged_minor=_charged(session, order))
    if document is None:
        return []
    issued = _issue(session, order, config.invoice_prefix, document, corrects=None)
    for item in items:
        item.invoice_id = issued.id
    for credit in open_credits:
        credit.invoice_id = issued.id
    session.flush()
    return [issued]


def _charged(session: Session, order: Order) -> int:
    """Return what the order's documents so far ask for; payments count towards that first."""
    signed = (
        each.total_minor if each.kind == "invoice" else -each.total_minor for each in list_documents(session, order)
    )
    return sum(signed)


def _credit_notes(session: Session, config: OrdersConfig, order: Order) -> list[Invoice]:
    """Issue one credit note for each invoice that open credits correct."""
    items = {item.id: item for item in items_of(session, order)}
    pairs = [(credit, items[credit.item_id]) for credit in _open_credits(session, order)]
    due = sorted((pair for pair in pairs if pair[1].invoice_id), key=lambda pair: str(pair[1].invoice_id))
    issued = []
    for invoice_id, grouped in groupby(due, key=lambda pair: pair[1].invoice_id):
        corrected, credited = session.get_one(Invoice, (order.store_id, invoice_id)), list(grouped)
        _refuse_exceeding(session, corrected, sum(credit.amount_minor for credit, _ in credited))
        document = credit_document(config, order, corrected, credited, _today())
        note = _issue(session, order, config.credit_note_prefix, document, corrects=corrected)
        for credit, _ in credited:
            credit.invoice_id = note.id
        issued.append(note)
    session.flush()
    return issued


def _issue(
    session: Session, order: Order, prefix: str, document: InvoiceDocument, *, corrects: Invoice | None
) -> Invoice:
    series = _locked_series(session, document.kind, document.issue_date.year, prefix)
    sequence = series.next_number
    document = document.model_copy(update={"number": series.number(sequence)})
    files = make_files(document)
    pdf, cii, ubl = _store_files(session, document, files)
    plain = document.model_dump(mode="json")
    digest = chain_hash(series.last_hash, plain, (files.pdf, files.cii, files.ubl))
    invoice = Invoice(
        id=new_id(),
        merchant_id=series.merchant_id,
        series_id=series.id,
        sequence=sequence,
        order_id=order.id,
        kind=document.kind,
        number=document.number,
        issued_on=document.issue_date,
        document=plain,
        currency=document.currency,
        net_minor=files.sums.net,
        tax_minor=files.sums.tax,
        rounding_minor=files.sums.rounding,
        total_minor=files.sums.gross,
        corrects_id=corrects.id if corrects else None,
        previous_hash=series.last_hash,
        hash=digest,
        pdf_id=pdf,
        cii_id=cii,
        ubl_id=ubl,
    )
    series.next_number, series.last_hash = sequence + 1, digest
    session.add(invoice)
    session.flush()
    _tell(session, order, invoice)
    return invoice


def _tell(session: Session, order: Order, invoice: Invoice) -> None:
    record(session, order, invoice.kind, public=True, number=invoice.number, total_minor=invoice.total_minor)
    about = {"invoice_id": invoice.id, "kind": invoice.kind, "invoice_number": invoice.number}
    publish(session, InvoiceIssued(order_id=order.id, number=order.number, **about))


def _locked_series(session: Session, kind: str, year: int, prefix: str) -> InvoiceSeries:
    """Return the merchant's series, locked until the commit; whoever else issues meanwhile waits."""
    merchant_id = current_context().merchant_id
    values = {"id": new_id(), "merchant_id": merchant_id, "kind": kind, "year": year, "prefix": prefix}
    fresh = insert(InvoiceSeries).values(**values, next_number=1, last_hash="", findings=[])
    session.execute(fresh.on_conflict_do_nothing())
    statement = select(InvoiceSeries).where(
        InvoiceSeries.merchant_id == merchant_id, InvoiceSeries.kind == kind, InvoiceSeries.year == year
    )
    found = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DocumentInvalid([f"the prefix {prefix!r} is used by the other kind of document; set another"])
    return found


def _store_files(session: Session, document: InvoiceDocument, files: DocumentFiles) -> tuple[UUID, UUID, UUID]:
    xml = "application/xml"
    return (
        store_file(session, name=f"{document.number}.pdf", media_type="application/pdf", content=files.pdf),
        store_file(session, name=f"{document.number}-cii.xml", media_type=xml, content=files.cii),
        store_file(session, name=f"{document.number}.xml", media_type=xml, content=files.ubl),
    )


def _refuse_exceeding(session: Session, invoice: Invoice, amount: int) -> None:
    before = session.scalar(select(func.sum(Invoice.total_minor)).where(Invoice.corrects_id == invoice.id)) or 0
    if before + amount > invoice.total_minor:
        raise InvoiceExceeded(number=invoice.number, left_minor=invoice.total_minor - before)


def _open_credits(session: Session, order: Order) -> list[OrderCredit]:
    statement = select(OrderCredit).where(OrderCredit.order_id == order.id, OrderCredit.invoice_id.is_(None))
    return list(session.scalars(statement.order_by(OrderCredit.id)))


def _today() -> date:
    return datetime.now(UTC).date()
