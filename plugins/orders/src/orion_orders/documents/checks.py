"""Our own checks before a document is issued: to the cent, and what each VAT category needs.

The official rules of EN 16931 tolerate large errors (a group's tax may be 0.60 off); these tolerate none.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from orion_orders.documents.amounts import Totals
from orion_orders.documents.model import InvoiceDocument, Line

_: Callable[[str], str] = str
"""Marks what stores read in the register; the rest tells of defects, not of what they can mend."""


def check_cents(document: InvoiceDocument, totals: Totals) -> list[str]:
    """Return what does not add up; empty if all does.

    Args:
        document: The document.
        totals: Its sums, as they are to stand on it.
    """
    return [*_lines(document, totals), *_groups(document, totals), *_sums(document, totals)]


def _lines(document: InvoiceDocument, totals: Totals) -> Iterator[str]:
    positions = [line.position for line in document.lines]
    if len(set(positions)) != len(positions) or set(positions) != set(totals.lines):
        yield "positions of lines are not unique"
        return
    for line in document.lines:
        amounts = totals.lines[line.position]
        if line.unit_price_minor * line.quantity - line.discount_minor != line.total_minor:
            yield f"line {line.position}: price times quantity less discount is not its total"
        if amounts.price - amounts.discount != amounts.net or min(amounts.price, amounts.discount, amounts.net) < 0:
            yield f"line {line.position}: its net amounts do not add up"
        if amounts.net > line.total_minor:
            yield f"line {line.position}: its net amount is more than its total"


def _groups(document: InvoiceDocument, totals: Totals) -> Iterator[str]:
    keys = [(group.category, group.rate_bp) for group in totals.groups]
    if len(set(keys)) != len(keys) or set(keys) != {(line.category, line.rate_bp) for line in document.lines}:
        yield "there is not exactly one group for each category and rate"
        return
    for group in totals.groups:
        name = f"{group.category} {group.rate_bp / 100:g} %"
        members = [line for line in document.lines if (line.category, line.rate_bp) == (group.category, group.rate_bp)]
        if group.gross_minor != sum(line.total_minor for line in members):
            yield f"{name}: its gross sum is not that of its lines"
        if group.net_minor != sum(totals.lines[line.position].net for line in members):
            yield f"{name}: its net sum is not that of its lines"
        exact = Decimal(group.net_minor * group.rate_bp) / 10_000
        if group.tax_minor != exact.quantize(Decimal(1), ROUND_HALF_UP):
            yield f"{name}: its tax is not what the rate makes of its net sum"
        if abs(group.gross_minor - group.net_minor - group.tax_minor) > 1:
            yield f"{name}: net and tax miss the gross sum by more than a cent"


def _sums(document: InvoiceDocument, totals: Totals) -> Iterator[str]:
    if totals.net != sum(group.net_minor for group in totals.groups):
        yield "the net sum is not that of the groups"
    if totals.tax != sum(group.tax_minor for group in totals.groups):
        yield "the tax is not that of the groups"
    if totals.gross != sum(line.total_minor for line in document.lines):
        yield "the total is not the sum of the lines"
    if totals.net + totals.tax + totals.rounding != totals.gross:
        yield "net, tax and rounding do not make the total"
    if totals.paid != document.paid_minor or totals.due < 0:
        yield "more is paid than is to pay"


def check_content(document: InvoiceDocument) -> list[str]:
    """Return what a document lacks by law or by EN 16931; empty if it lacks nothing.

    Args:
        document: The document.
    """
    return [
        *_required(document),
        *(problem for line in document.lines for problem in _tax_of(line)),
        *_parties(document),
    ]


def _required(document: InvoiceDocument) -> Iterator[str]:
    if get_currency_precision(document.currency) > 2:
        yield f"amounts in {document.currency} have more decimals than EN 16931 allows"
    if document.kind == "credit_note" and document.corrects is None:
        yield "a credit note has to name the invoice it corrects"
    if document.kind == "invoice" and document.corrects is not None:
        yield "an invoice corrects no other"
    if not document.seller.street:
        yield _("the seller's street is missing")
    if not document.seller.city:
        yield _("the seller's city is missing")


def _tax_of(line: Line) -> Iterator[str]:
    where = f"line {line.position}"
    if (line.category == "S") != (line.rate_bp > 0):
        yield f"{where}: category {line.category} does not go with {line.rate_bp / 100:g} %"
    if line.category in {"S", "Z"} and (line.text or line.vatex):
        yield f"{where}: category {line.category} has no reason to name"
    if line.category not in {"S", "Z"} and not (line.text or line.vatex):
        yield f"{where}: category {line.category} needs its reason"


def _parties(document: InvoiceDocument) -> Iterator[str]:
    seller, buyer = document.seller, document.buyer
    categories = {line.category for line in document.lines}
    if "O" in categories and len(categories) > 1:
        yield "what is outside the scope of VAT stands on a document of its own"
    if "O" in categories and not seller.register_number:
        yield _("outside the scope of VAT the seller is named by the register number")
    if categories & {"K", "G"} and not seller.vat_number:
        yield _("tax-free supplies abroad need the seller's VAT number")
    elif categories - {"O"} and not (seller.vat_number or seller.tax_number):
        yield _("the seller needs a VAT number or a local tax number")
    if categories & {"K", "AE"} and not buyer.vat_number:
        yield _("intra-EU supplies and reverse charge need the buyer's VAT number")
    for title, party in (("seller", seller), ("buyer", buyer)):
        if party.vat_number and not party.vat_number[:2].isalpha():
            yield f"the {title}'s VAT number does not begin with its country"
