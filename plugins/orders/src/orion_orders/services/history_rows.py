"""Reads a file of past sales: one line per article and invoice, as shops have exported them for decades."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import NamedTuple

from babel import Locale
from babel.numbers import get_currency_precision

from orion_core.errors import InvalidInput

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
SHIPPING = frozenset({"POST", "DOT", "C2"})
"""Codes that stand for delivery: postage, postage of another counter, carriage."""
OTHER_NAMES = {"EIRE": "IE", "USA": "US", "RSA": "ZA", "Channel Islands": "JE"}
MOST = 2**31 - 1
YEARS = range(1971, 9999)
"""Years of which an id can be made, in every time zone."""


class HistoryLine(NamedTuple):
    """A line of the file; a negative quantity takes pieces back."""

    number: int
    invoice: str
    sku: str
    title: str
    quantity: int
    at: str
    """A moment in UTC, in ISO 8601: sorts by time."""
    price_minor: int
    customer: str
    country: str

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.price_minor

    @property
    def is_cancellation(self) -> bool:
        """Whether it belongs to a document that cancels: their numbers begin with C."""
        return self.invoice.startswith("C")

    @property
    def kind(self) -> str:
        return "shipping" if self.sku.upper() in SHIPPING else "product"


class Refused(NamedTuple):
    """A line that was not taken over, with the reason, and what it would have been worth if that could be read."""

    number: int
    reason: str
    amount_minor: int = 0


def customer_note(customer: str) -> str:
    """Return how an imported order says whose it was; empty if nobody knows."""
    return f"Customer {customer}" if customer else ""


def read_history(lines: Iterable[str], currency: str) -> Iterator[HistoryLine | Refused]:
    """Read the lines of a file, in its order.

    Args:
        lines: The file as text, comma separated, with a header.
        currency: In which its prices are.

    Raises:
        InvalidInput: The file is not UTF-8, or lacks a column.
    """
    try:
        reader = csv.reader(lines)
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise InvalidInput(f"the file lacks the columns {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
        places, digits, countries = [header.index(name) for name in COLUMNS], _digits(currency), _countries()
        for cells in filter(None, reader):
            row = [cells[place].strip() if place < len(cells) else "" for place in places]
            try:
                yield _line(reader.line_num, row, digits, countries)
            except ValueError as reason:
                yield Refused(reader.line_num, str(reason))
    except UnicodeDecodeError as error:
        raise InvalidInput("the file is not encoded in UTF-8; save it as CSV UTF-8") from error
    except csv.Error as error:
        raise InvalidInput(f"the file is no readable CSV: {error}") from error


def _line(number: int, row: Sequence[str], digits: int, countries: Mapping[str, str]) -> HistoryLine:
    invoice, sku, title, pieces, day, price, customer, country = row
    if not invoice or not sku:
        raise ValueError("invoice or article number is missing")
    if "\0" in "".join(row):
        raise ValueError("it holds a character that no text has")
    quantity, price_minor, at = _numbers(pieces, price, day, digits)
    if not 0 <= price_minor <= MOST or not 0 < abs(quantity) * max(price_minor, 1) <= MOST:
        raise ValueError("quantity or price is out of range")
    if at.year not in YEARS:
        raise ValueError("the date is out of range")
    moment = (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
    whose, where = customer.removesuffix(".0"), countries.get(country, "")
    return HistoryLine(number, invoice, sku, title or sku, quantity, moment, price_minor, whose, where)


def _numbers(pieces: str, price: str, day: str, digits: int) -> tuple[int, int, datetime]:
    try:
        quantity, minor, at = int(pieces), Decimal(price).scaleb(digits), datetime.fromisoformat(day)
        price_minor = int(minor)
    except (ValueError, OverflowError, DecimalException):
        raise ValueError("quantity, price or date cannot be read") from None
    if price_minor != minor:
        raise ValueError("the price is finer than the smallest unit of the currency")
    return quantity, price_minor, at


def _digits(currency: str) -> int:
    digits: int = get_currency_precision(currency)
    return digits


def _countries() -> dict[str, str]:
    """Return country codes by English name."""
    named = {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return named | OTHER_NAMES
