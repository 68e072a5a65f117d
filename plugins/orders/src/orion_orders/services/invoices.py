"""Issues invoices and credit notes: numbered without gaps, chained by hashes, checked before they exist."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
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
from orion_orders.exceptions import RecordNotFound
from orion_orders.models import Invoice, InvoiceSeries, Order
from orion_orders.services.due import Draft, drafts_of
from orion_orders.services.timeline import record

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
        InvoiceExceeded: More would be credited than was invoiced; likewise.
    """
    session.refresh(order, with_for_update=True)
    config = get_settings(session, OrdersConfig)
    return [_issue(session, config, order, draft) for draft in drafts_of(session, config, order)]


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


def chain_hash(
    previous: str, document: dict[str, Any], contents: Sequence[bytes], order_id: UUID, corrects_id: UUID | None
) -> str:
    """Return what chains a document to the one before: SHA-256 over all that makes it what it is.

    Args:
        previous: Hash of the document before; empty for the first.
        document: What stands on it, as it is kept.
        contents: Its files: PDF, CII and UBL.
        order_id: The order it belongs to.
        corrects_id: The invoice that a credit note corrects.
    """
    belongs = f"{order_id} {corrects_id or '-'}"
    parts = [previous.encode(), canonical(document), *contents, belongs.encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _issue(session: Session, config: OrdersConfig, order: Order, draft: Draft) -> Invoice:
    kind, year = draft.document.kind, draft.document.issue_date.year
    prefix = config.invoice_prefix if kind == "invoice" else config.credit_note_prefix
    series = _locked_series(session, kind, year, prefix)
    invoice = _numbered(session, series, order, draft)
    series.next_number, series.last_hash = invoice.sequence + 1, invoice.hash
    session.add(invoice)
    session.flush()
    for item in draft.items:
        item.invoice_id = invoice.id
    for credit in draft.credits_:
        credit.invoice_id = invoice.id
    session.flush()
    _tell(session, order, invoice)
    return invoice


def _numbered(session: Session, series: InvoiceSeries, order: Order, draft: Draft) -> Invoice:
    """Return a draft as the next document of its series, with its files and its place in the chain."""
    document = draft.document.model_copy(update={"number": series.number(series.next_number)})
    files = make_files(document)
    pdf, cii, ubl = _store_files(session, document, files)
    plain = document.model_dump(mode="json")
    corrects_id = draft.corrects.id if draft.corrects else None
    contents = (files.pdf, files.cii, files.ubl)
    return Invoice(
        id=new_id(),
        merchant_id=series.merchant_id,
        series_id=series.id,
        sequence=series.next_number,
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
        corrects_id=corrects_id,
        previous_hash=series.last_hash,
        hash=chain_hash(series.last_hash, plain, contents, order.id, corrects_id),
        pdf_id=pdf,
        cii_id=cii,
        ubl_id=ubl,
    )


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
