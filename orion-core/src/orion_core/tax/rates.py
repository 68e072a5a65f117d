"""VAT rates with the days from and to which they hold, read from a data file."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from orion_core.errors import Conflict


class UnknownTaxRate(Conflict):
    """The table has no rate for this country and day."""

    code = "unknown_tax_rate"
    title = "No tax rate is known for this supply"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in basis points, and whether it is the one asked for or the standard one in its place."""

    rate_bp: int
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    country: str
    tax_class: str
    rate_bp: int
    valid_from: date
    valid_until: date

    def holds(self, country: str, tax_class: str, on: date) -> bool:
        return (self.country, self.tax_class) == (country, tax_class) and self.valid_from <= on <= self.valid_until


@lru_cache(maxsize=1)
def _table() -> tuple[str, tuple[_Row, ...]]:
    text = (files("orion_core.data") / "tax_rates.csv").read_text("utf-8")
    rows = tuple(
        _Row(
            row["country"],
            row["class"],
            int(row["rate_bp"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_until"] or "9999-12-31"),
        )
        for row in csv.DictReader(text.splitlines())
    )
    return sha256(text.encode()).hexdigest()[:8], rows


def table_version() -> str:
    """Return what tells one version of the table from another; it is stored with each decision."""
    return _table()[0]


@lru_cache(maxsize=1024)
def find_rate(country: str, tax_class: str, on: date) -> Rate:
    """Return the rate of a class in a country on a day.

    A class the table does not know there gets the standard rate: never less than is owed.

    Args:
        country: ISO 3166-1 alpha-2.
        tax_class: ``standard``, ``intermediate``, ``reduced``, ``super_reduced`` or ``zero``.
        on: Day of the supply.

    Raises:
        UnknownTaxRate: If there is not even a standard rate.
    """
    if tax_class == "zero":
        return Rate(0)
    for asked in (tax_class, "standard"):
        for row in _table()[1]:
            if row.holds(country, asked, on):
                return Rate(row.rate_bp, asked != tax_class)
    raise UnknownTaxRate(f"no VAT rate is known for {country} on {on.isoformat()}")
