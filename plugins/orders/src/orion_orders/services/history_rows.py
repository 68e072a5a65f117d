"""Reads a file of past sales: one line per article and invoice, as shops have exported them for decades."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from babel import Locale

from orion_core.errors import InvalidInput
from orion_core.money import Money

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
SHIPPING = frozenset({"POST", "DOT", "C2"})
"""Codes that stand for delivery: postage, postage of another counter, carriage."""
OTHER_NAMES = {"EIRE": "IE", "USA": "US", "RSA": "ZA", "Channel Islands": "JE"}
MOST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A line of the file; a negative quantity takes pieces back."""

    number: int
    invoice: str
    sku: str
    title: str
    quantity: int
    at: datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that was not taken over, with the reason, and what it would have been worth if that could be read."""

    number: int
    reason: str
    amount_minor: int = 0


def read_history(lines: Iterable[str], currency: str) -> Iterator[HistoryLine | Refused]:
    """Read the lines of a file, in its order.

    Args:
        lines: The file as text, comma separated, with a header.
        currency: In which its prices are.

    Raises:
        InvalidInput: The file is not UTF-8, or lacks a column.
    """
    try:
        reader = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(f"the file lacks the columns {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
        countries = _countries()
        for number, row in enumerate(reader, start=2):
            yield _read(number, row, currency, countries)
    except UnicodeDecodeError as error:
        raise InvalidInput("the file is not encoded in UTF-8; save it as CSV UTF-8") from error
    except csv.Error as error:
        raise InvalidInput(f"the file is no readable CSV: {error}") from error


def _read(number: int, row: dict[str, str], currency: str, countries: dict[str, str]) -> HistoryLine | Refused:
    invoice, sku = (row["InvoiceNo"] or "").strip(), (row["StockCode"] or "").strip()
    if not invoice or not sku:
        return Refused(number=number, reason="invoice or article number is missing")
    try:
        quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
        price_minor = Money.of(price, currency).amount
        at = datetime.fromisoformat(row["InvoiceDate"])
    except (TypeError, ValueError, InvalidOperation):
        return Refused(number=number, reason="quantity, price or date cannot be read")
    if not 0 <= price_minor <= MOST or not 0 < abs(quantity) * max(price_minor, 1) <= MOST:
        return Refused(number=number, reason="quantity or price is out of range")
    return HistoryLine(
        number=number,
        invoice=invoice,
        sku=sku,
        title=(row["Description"] or "").strip() or sku,
        quantity=quantity,
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        price_minor=price_minor,
        customer=(row["CustomerID"] or "").strip().removesuffix(".0"),
        country=countries.get((row["Country"] or "").strip(), ""),
    )


def _countries() -> dict[str, str]:
    """Return country codes by English name."""
    named = {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return named | OTHER_NAMES
