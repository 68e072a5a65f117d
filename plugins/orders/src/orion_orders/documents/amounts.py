"""The sums of a document: without tax per line, per rate, and in all."""

from dataclasses import dataclass

from orion_core.tax import GrossLine, VatGroup, net_of, split_gross
from orion_orders.documents.model import InvoiceDocument, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAmounts:
    """A line without tax, in minor units: ``net = price - discount``.

    Args:
        price: All pieces before the discount.
        discount: What is taken off.
        net: What is left.
    """

    price: int
    discount: int
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums, in minor units: ``net + tax + rounding = gross``, ``due = gross - paid``.

    Args:
        lines: By position.
        groups: By category and rate, in the order in which they first appear.
        net: Without tax (BT-109).
        tax: All tax (BT-110).
        rounding: What no tax explains, a cent at most per group (BT-114).
        gross: What is to pay.
        paid: What was paid before (BT-113).
    """

    lines: dict[int, LineAmounts]
    groups: tuple[VatGroup, ...]
    net: int
    tax: int
    rounding: int
    gross: int
    paid: int

    @property
    def due(self) -> int:
        """What is left to pay (BT-115)."""
        return self.gross - self.paid


def totals(document: InvoiceDocument) -> Totals:
    """Return the sums of a document.

    Args:
        document: The document; ``check_cents`` tells whether its lines add up.
    """
    split = split_gross(
        [GrossLine(line.position, line.total_minor, line.category, line.rate_bp) for line in document.lines]
    )
    return Totals(
        lines={line.position: _amounts(line, split.net[line.position]) for line in document.lines},
        groups=split.groups,
        net=split.net_minor,
        tax=split.tax_minor,
        rounding=split.rounding_minor,
        gross=sum(line.total_minor for line in document.lines),
        paid=document.paid_minor,
    )


def _amounts(line: Line, net: int) -> LineAmounts:
    discount = net_of(line.discount_minor, line.rate_bp)
    return LineAmounts(price=net + discount, discount=discount, net=net)
