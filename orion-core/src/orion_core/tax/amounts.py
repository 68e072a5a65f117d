"""Sums that include tax, taken apart: tax exact per rate, parts that sum to the whole.

EN 16931 computes tax per category and rate from the sum of net amounts (BR-CO-17). Not every gross sum has a net sum
whose rounded tax leads back to it; what is missing, a cent at most per rate, is the document's rounding (BT-114).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orion_core.money import Money


@dataclass(frozen=True, slots=True)
class GrossLine:
    """A line's amount including tax.

    Args:
        key: Tells the line from others.
        gross_minor: Its amount, in minor units.
        category: VAT category of EN 16931.
        rate_bp: Rate in basis points.
    """

    key: int
    gross_minor: int
    category: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class VatGroup:
    """All lines of one category and rate."""

    category: str
    rate_bp: int
    gross_minor: int
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class VatSplit:
    """Lines and sums without tax, by ``key`` and by group. ``net + tax + rounding`` is the gross sum."""

    net: dict[int, int]
    groups: tuple[VatGroup, ...]
    rounding_minor: int

    @property
    def net_minor(self) -> int:
        """All net amounts."""
        return sum(group.net_minor for group in self.groups)

    @property
    def tax_minor(self) -> int:
        """All tax."""
        return sum(group.tax_minor for group in self.groups)


def tax_on(net_minor: int, rate_bp: int) -> int:
    """Return the tax on a net amount, rounded half up to minor units.

    Args:
        net_minor: The amount, not negative.
        rate_bp: Rate in basis points.
    """
    return (net_minor * rate_bp + 5_000) // 10_000


def net_of(gross_minor: int, rate_bp: int) -> int:
    """Return the net amount whose tax leads back to a gross amount, or comes closest.

    Args:
        gross_minor: The amount with tax, not negative.
        rate_bp: Rate in basis points.
    """
    near = gross_minor * 10_000 // (10_000 + rate_bp)
    return min((near, near + 1), key=lambda net: (abs(gross_minor - net - tax_on(net, rate_bp)), net))


def split_gross(lines: Sequence[GrossLine]) -> VatSplit:
    """Take amounts including tax apart.

    Args:
        lines: The lines of a document, none negative.
    """
    groups: dict[tuple[str, int], list[GrossLine]] = {}
    for line in lines:
        groups.setdefault((line.category, line.rate_bp), []).append(line)
    nets: dict[int, int] = {}
    made = []
    for (category, rate_bp), members in groups.items():
        gross = sum(line.gross_minor for line in members)
        net = net_of(gross, rate_bp)
        made.append(VatGroup(category, rate_bp, gross, net, tax_on(net, rate_bp)))
        weights = [line.gross_minor for line in members]
        parts = [part.amount for part in Money(net).allocate(weights)] if gross else [0] * len(members)
        nets.update((line.key, part) for line, part in zip(members, parts, strict=True))
    rounding = sum(group.gross_minor - group.net_minor - group.tax_minor for group in made)
    return VatSplit(nets, tuple(made), rounding)
