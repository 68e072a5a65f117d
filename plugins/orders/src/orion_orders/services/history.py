"""Brings past sales in: each invoice as a completed order, each cancellation as a return of the sale it belongs to.

Every line is accounted for: taken over, there before, or refused with its reason. Prices stand as they are; which tax
is inside is not known and not guessed. Nothing is published: no mail, no invoice, no stock moves because of the past.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID, uuid5

from sqlalchemy import any_, bindparam, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import Prepared, unit_of_work
from orion_orders.models import Order, OrderCredit
from orion_orders.services.history_returns import Returner
from orion_orders.services.history_rows import MOST, HistoryLine, Refused, read_history
from orion_orders.services.history_staging import Staging
from orion_orders.services.history_writes import FORGET_PLANS, Rows

BATCH = 500
"""Documents looked at and written at once."""
KNOWN_SALES = Prepared(
    select(Order.external_id, Order.total_minor).where(
        Order.channel == "import", Order.external_id == any_(bindparam("numbers"))
    )
)
KNOWN_CREDITS = Prepared(
    select(OrderCredit.id, OrderCredit.pieces, OrderCredit.amount_minor).where(OrderCredit.id == any_(bindparam("ids")))
)
TOO_MUCH = "the document's sum is out of range"
CHANGED = "its document was taken over before, with other lines"
Named = list[tuple[HistoryLine, UUID]]
"""The lines of a cancellation, each with the id of its credit."""
Progress = Callable[[int, int], None]


@dataclass
class HistoryReport:
    """What became of a file's lines; amounts in minor units of the store's currency.

    On the first import ``sold_minor - credited_minor - unmatched_minor + refused_minor`` is the sum of all readable
    lines.
    """

    lines: int = 0
    orders: int = 0
    """Made of sales."""
    sold: int = 0
    sold_minor: int = 0
    credited: int = 0
    """Taken back from the sale they belong to."""
    credited_minor: int = 0
    unmatched: int = 0
    """Cancellations whose sale is not here: kept as cancelled orders, on which nothing is owed."""
    unmatched_minor: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def refused_minor(self) -> int:
        return sum(each.amount_minor for each in self.refused)

    def refuse(self, line: HistoryLine, reason: str) -> None:
        self.refused.append(Refused(line.number, reason, line.amount_minor))


def import_history(lines: Iterable[str], progress: Progress, *, dry_run: bool = False) -> HistoryReport:
    """Take past sales over into the current store, some hundred documents in each transaction.

    An import that ended early is started again, and goes on where it was. Memory does not grow with the file, only
    with the lines that are refused.

    Args:
        lines: The file as text; all of it is read before anything is written.
        progress: Is told lines done and in all.
        dry_run: Do all of it, and undo it.

    Raises:
        InvalidInput: The file is not UTF-8, or lacks a column; nothing was written.
    """
    report = HistoryReport()
    with Staging() as staging:
        staging.fill(_usable(lines, report))
        done = len(report.refused)
        with _transactions(undone=dry_run) as transaction:
            for cancelling, take in ((False, _take_over), (True, _take_back)):
                documents = staging.documents(cancelling=cancelling)
                while batch := list(islice(documents, BATCH)):
                    with transaction() as session:
                        session.execute(FORGET_PLANS)
                        take(session, batch, report)
                    done += sum(map(len, batch))
                    progress(done, report.lines)
    report.refused.sort()
    return report


@contextmanager
def _transactions(*, undone: bool) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    """Yield what opens a transaction for a batch, or what goes on in a single one that is undone at the end.

    What is kept is committed batch by batch: statistics of tables that are filled in a single transaction say that they
    are empty, and then plans read all of them for each row.
    """
    if not undone:
        yield unit_of_work
        return
    with unit_of_work() as session:
        yield lambda: nullcontext(session)
        session.rollback()


def _usable(lines: Iterable[str], report: HistoryReport) -> Iterator[HistoryLine]:
    for line in read_history(lines, current_context().store.currency):
        report.lines += 1
        if isinstance(line, Refused):
            report.refused.append(line)
        elif line.is_cancellation != (line.quantity < 0):
            why = "it takes pieces back without being a cancellation" if line.quantity < 0 else "it cancels nothing"
            report.refuse(line, why)
        else:
            yield line


def _take_over(session: Session, invoices: Sequence[list[HistoryLine]], report: HistoryReport) -> None:
    numbers = [invoice[0].invoice for invoice in invoices]
    there: dict[str, int] = dict(KNOWN_SALES.rows(session, {"numbers": numbers}))
    rows = Rows()
    for invoice in invoices:
        number, total = invoice[0].invoice, sum(line.amount_minor for line in invoice)
        if there.get(number) == total:
            report.unchanged += len(invoice)
        elif number in there or total > MOST:
            for line in invoice:
                report.refuse(line, CHANGED if number in there else TOO_MUCH)
        else:
            rows.add_sale(invoice)
            report.orders += 1
            report.sold += len(invoice)
            report.sold_minor += total
    rows.write(session)


def _take_back(session: Session, cancellations: Sequence[list[HistoryLine]], report: HistoryReport) -> None:
    named = [[(line, _credit_id(line, place)) for place, line in enumerate(each)] for each in cancellations]
    ids = [credit_id for document in named for _, credit_id in document]
    there = {row[0]: (row[1], row[2]) for row in KNOWN_CREDITS.rows(session, {"ids": ids})}
    fresh = []
    for document in named:
        if sum(line.amount_minor for line, _ in document) < -MOST:
            for line, _ in document:
                report.refuse(line, TOO_MUCH)
        elif there.keys().isdisjoint(credit_id for _, credit_id in document):
            fresh.append(document)
        else:
            _compare(document, there, report)
    _credit(session, fresh, report)


def _compare(document: Named, there: Mapping[UUID, tuple[int, int]], report: HistoryReport) -> None:
    for line, credit_id in document:
        if there.get(credit_id) == (-line.quantity, -line.amount_minor):
            report.unchanged += 1
        else:
            report.refuse(line, CHANGED)


def _credit(session: Session, documents: Sequence[Named], report: HistoryReport) -> None:
    """Take lines off the sales they belong to; those of a document that belong to none become a cancelled order."""
    returner, rows = Returner(session, [line for document in documents for line, _ in document]), Rows()
    for document in documents:
        unmatched = [each for each in document if not returner.take_back(*each)]
        missing = -sum(line.amount_minor for line, _ in unmatched)
        if unmatched:
            rows.add_cancelled(unmatched)
        report.unmatched += len(unmatched)
        report.unmatched_minor += missing
        report.credited += len(document) - len(unmatched)
        report.credited_minor -= sum(line.amount_minor for line, _ in document) + missing
    returner.write()
    rows.write(session)


def _credit_id(line: HistoryLine, place: int) -> UUID:
    """Return the id of a cancelled line's credit, made from its document's number so that it is found again."""
    return uuid5(current_context().store.id, f"orders.history:{line.invoice}:{place}")
