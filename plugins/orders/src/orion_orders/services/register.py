"""The register of invoices: lists and sums, what waits to be issued and why, and the proof of every series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true, union
from sqlalchemy.orm import Session

from orion_core.errors import NotFound
from orion_core.files import read_file
from orion_core.services.newest import take
from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.documents.amounts import totals
from orion_orders.documents.checks import check_content
from orion_orders.documents.files import DocumentInvalid
from orion_orders.documents.model import InvoiceDocument
from orion_orders.exceptions import InvoiceExceeded
from orion_orders.models import UNINVOICED, Invoice, InvoiceSeries, Order, OrderCredit, OrderItem
from orion_orders.services.due import INVOICED, drafts_of
from orion_orders.services.invoices import chain_hash

MOST = 10_000
"""Waiting orders that one look finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQuery:
    """What the register is narrowed to; empty means all.

    Args:
        q: A document's or an order's number.
        kind: ``invoice`` or ``credit_note``.
        month: Month of issue, as ``2026-11``.
        first: Earliest day of issue.
        last: Latest day of issue.
    """

    q: str = ""
    kind: str = ""
    month: str = ""
    first: date | None = None
    last: date | None = None


def list_invoices(
    session: Session, query: RegisterQuery, limit: int, after: tuple[Any, ...] | None
) -> tuple[list[Invoice], tuple[Any, ...] | None]:
    """Return a page of documents, the newest first, and the key the next page starts after."""
    return take(session, select(Invoice).where(*_wanted(query)), Invoice.id, UUID, after=after, limit=limit)


def iterate_invoices(session: Session, query: RegisterQuery) -> Iterator[Invoice]:
    """Return all documents that a query finds, oldest first, without holding them all in memory."""
    statement = select(Invoice).where(*_wanted(query)).order_by(Invoice.id)
    yield from session.scalars(statement.execution_options(yield_per=100))


def sums(session: Session, query: RegisterQuery) -> list[tuple[str, int, int, int, int]]:
    """Return currency, number of documents, net, tax and total of what a query finds; credit notes count negative."""
    sign = case((Invoice.kind == "credit_note", -1), else_=1)
    amounts = [func.sum(sign * column) for column in (Invoice.net_minor, Invoice.tax_minor, Invoice.total_minor)]
    statement = select(Invoice.currency, func.count(), *amounts).where(*_wanted(query)).group_by(Invoice.currency)
    return [(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in session.execute(statement)]


def list_series(session: Session) -> list[InvoiceSeries]:
    """Return the merchant's series, the newest year first, each with what its last proof found."""
    return list(session.scalars(select(InvoiceSeries).order_by(InvoiceSeries.year.desc(), InvoiceSeries.kind)))


def list_waiting(
    session: Session, limit: int, after: tuple[Any, ...] | None = None
) -> tuple[list[Order], tuple[Any, ...] | None]:
    """Return a page of the store's orders that are due an invoice or a credit note, and the key the next starts after.

    Args:
        session: A session of the store.
        limit: Rows wanted.
        after: Key of the last row seen; the first page is that of the oldest orders.
    """
    statement = select(Order).where(Order.id.in_(waiting_ids(session)))
    return take(session, statement, Order.id, UUID, after=after, limit=limit, oldest_first=True)


def waiting_ids(session: Session) -> list[UUID]:
    """Return the store's orders that are due an invoice or a credit note, oldest first, ``MOST`` of them."""
    statement = union(_uninvoiced(get_settings(session, OrdersConfig)), _uncredited())
    return list(session.scalars(statement.order_by("id").limit(MOST)))


def problems_of(session: Session, orders: Sequence[Order]) -> dict[UUID, list[str]]:
    """Return what each order's documents lack, as message ids; an empty list if they can be issued."""
    config = get_settings(session, OrdersConfig)
    return {order.id: _problems(session, config, order) for order in orders}


def _problems(session: Session, config: OrdersConfig, order: Order) -> list[str]:
    try:
        found = [problem for draft in drafts_of(session, config, order) for problem in check_content(draft.document)]
    except DocumentInvalid as invalid:
        return invalid.problems
    except InvoiceExceeded as exceeded:
        return [exceeded.title]
    return list(dict.fromkeys(found))


def _uninvoiced(config: OrdersConfig) -> Select[UUID]:
    lines = select(OrderItem.store_id, OrderItem.order_id).where(UNINVOICED).distinct().subquery()
    started = [Order.fulfilment_status != "unfulfilled"] if config.invoice_on == "shipment" else []
    due = select(Order.id).where(Order.channel != "import", Order.status.in_(INVOICED), *started)
    # The limit has each order looked up; planned as a join, all orders of the store are read (50 ms for 100,000).
    order = due.where(Order.store_id == lines.c.store_id, Order.id == lines.c.order_id).limit(1).lateral()
    return select(order.c.id).select_from(lines.join(order, true()))


def _uncredited() -> Select[UUID]:
    of_item = and_(OrderItem.store_id == OrderCredit.store_id, OrderItem.id == OrderCredit.item_id)
    invoiced = select(OrderItem.id).where(of_item, OrderItem.invoice_id.is_not(None)).limit(1).lateral()
    return select(OrderCredit.order_id.label("id")).join(invoiced, true()).where(OrderCredit.invoice_id.is_(None))


def prove_all(session: Session) -> dict[str, list[str]]:
    """Prove every series that a session sees and write down what is wrong.

    Args:
        session: A platform-wide session: the stores of a merchant share its series.

    Returns:
        What is wrong, by series; a series without faults has an empty list.
    """
    all_series = session.scalars(select(InvoiceSeries).order_by(InvoiceSeries.merchant_id, InvoiceSeries.id)).all()
    # Written down only once all are proven: a row that was written is locked, and its merchant could issue nothing.
    found = [(series, prove_series(session, series)) for series in all_series]
    for series, findings in found:
        series.findings, series.proven_at = findings, datetime.now(UTC)
    return {f"{series.merchant_id} {series.kind} {series.year}": findings for series, findings in found}


def prove_series(session: Session, series: InvoiceSeries) -> list[str]:
    """Return what is wrong with a series: gaps, changed documents or files, broken links of the chain.

    Args:
        session: A session that sees all stores of the merchant.
        series: The series.
    """
    # What is issued from here on is left to the next proof.
    session.refresh(series)
    findings, expected, previous = [], 1, ""
    mine = select(Invoice).where(
        Invoice.merchant_id == series.merchant_id,
        Invoice.series_id == series.id,
        Invoice.sequence < series.next_number,
    )
    for invoice in session.scalars(mine.order_by(Invoice.sequence).execution_options(yield_per=100)):
        if invoice.sequence != expected:
            findings.append(f"{series.number(expected)} is missing before {invoice.number}")
        if invoice.previous_hash != previous:
            findings.append(f"{invoice.number} does not follow the document before it")
        findings += [f"{invoice.number}: {fault}" for fault in _faults(session, series, invoice)]
        expected, previous = invoice.sequence + 1, invoice.hash
    if series.next_number != expected:
        findings.append(f"the next number would be {series.next_number}, but {expected} follows")
    if series.last_hash != previous:
        findings.append("the series does not end with its last document")
    return findings


def _faults(session: Session, series: InvoiceSeries, invoice: Invoice) -> list[str]:
    faults = []
    try:
        contents = [read_file(session, file_id).content for file_id in (invoice.pdf_id, invoice.cii_id, invoice.ubl_id)]
    except NotFound:
        faults.append("one of its files is gone")
    else:
        found = chain_hash(invoice.previous_hash, invoice.document, contents, invoice.order_id, invoice.corrects_id)
        if found != invoice.hash:
            faults.append("the document or one of its files was changed")
    try:
        document = InvoiceDocument.model_validate(invoice.document)
    except ValidationError:
        return [*faults, "what is kept of it is no document any more"]
    its_sums = totals(document)
    columns = {
        "number": (invoice.number, document.number, series.number(invoice.sequence)),
        "kind": (invoice.kind, document.kind, series.kind),
        "day of issue": (invoice.issued_on, document.issue_date),
        "currency": (invoice.currency, document.currency),
        "net sum": (invoice.net_minor, its_sums.net),
        "tax": (invoice.tax_minor, its_sums.tax),
        "total": (invoice.total_minor, its_sums.gross),
    }
    return [*faults, *(f"its {name} is not the document's" for name, values in columns.items() if len(set(values)) > 1)]


def _wanted(query: RegisterQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.kind:
        found.append(Invoice.kind == query.kind)
    if query.month:
        first = date.fromisoformat(f"{query.month}-01")
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        found += [Invoice.issued_on >= first, Invoice.issued_on < after]
    if query.first:
        found.append(Invoice.issued_on >= query.first)
    if query.last:
        found.append(Invoice.issued_on <= query.last)
    if words := query.q.strip().upper():
        orders = select(Order.id).where(Order.number == words)
        found.append(or_(Invoice.number == words, Invoice.order_id.in_(orders)))
    return found
