"""Numbers as shops write them, read exactly: prices in minor units, tax rates in basis points, pieces.

All functions take a cell without spaces around it.
"""

from __future__ import annotations

import re
from decimal import Decimal

from orion_catalog.feed.errors import CellError

# Minor digits by ISO 4217; only currencies listed here are read.
_MINOR_DIGITS = {
    "AED": 2, "AUD": 2, "BGN": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "CZK": 2,
    "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "ILS": 2, "INR": 2, "ISK": 0, "JOD": 3, "JPY": 0,
    "KRW": 0, "KWD": 3, "MXN": 2, "NOK": 2, "NZD": 2, "OMR": 3, "PLN": 2, "RON": 2, "RSD": 2, "SAR": 2,
    "SEK": 2, "SGD": 2, "THB": 2, "TND": 3, "TRY": 2, "UAH": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
_SYMBOLS = {"€": "EUR", "£": "GBP"}
_MAX_MINOR = 2**31 - 1

_UNIT = r"(?:[A-Za-z]{3}|[€£])"
_PRICE = re.compile(rf"({_UNIT})?([^A-Za-z€£]*)({_UNIT})?")
_GROUPS = {".": r"[,\s'\u2019]", ",": r"[.\s'\u2019]"}
_COMMON = {mark: re.compile(rf"-?[0-9]{{1,12}}(?:[{mark}][0-9]{{1,2}})?") for mark in _GROUPS}
_NUMBER = {
    mark: re.compile(rf"-?(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,3}}|[0-9]{{1,12}})(?:[{mark}][0-9]{{1,12}})?")
    for mark, group in _GROUPS.items()
}
_NOT_NUMERIC = re.compile(r"^[^0-9-]+|[^0-9]+$")
_EITHER_WAY = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_OTHER = {".": ",", ",": "."}


def decimal_mark(text: str) -> str | None:
    """Return the decimal mark a price or rate uses; None where it has none or can be read in two ways."""
    bare = _NOT_NUMERIC.sub("", text)
    if _EITHER_WAY.fullmatch(bare):
        return None
    return next((mark for mark in _NUMBER if bare.count(mark) == 1 and _NUMBER[mark].fullmatch(bare)), None)


def number(text: str, mark: str) -> Decimal:
    """Return the number written with this decimal mark, thousands set apart or not.

    Raises:
        CellError: It is no number, uses the other mark, or could be read in two ways.
    """
    if _COMMON[mark].fullmatch(text):
        return Decimal(text.replace(mark, "."))
    if _EITHER_WAY.fullmatch(text):
        raise CellError("ambiguous_number", f"can be read in two ways; write it like 1234{mark}00 or 1{mark}23")
    if not _NUMBER[mark].fullmatch(text):
        other = _OTHER[mark]
        if _NUMBER[other].fullmatch(text):
            raise CellError("decimal_mark", f"uses '{other}' as decimal mark where the column uses '{mark}'")
        raise CellError("not_a_number", f"is not a number; write it like 4{mark}95")
    whole, _, fraction = text.partition(mark)
    sign = "-" if whole.startswith("-") else ""
    digits = "".join(filter(str.isdigit, whole))
    return Decimal(f"{sign}{digits}.{fraction or 0}")


def money(text: str, mark: str, default_currency: str) -> tuple[int, str]:
    """Return the amount in minor units and its currency, from forms such as `4.95`, `4.95 EUR`, `€ 4.95`.

    Raises:
        CellError: No amount, an unknown currency, parts of a cent, or more than fits.
    """
    parts = _PRICE.fullmatch(text)
    if parts is None or (parts[1] and parts[3]):
        raise CellError("not_a_number", f"is not a price; write it like 4{mark}95 EUR")
    unit = parts[1] or parts[3] or default_currency
    currency = _SYMBOLS.get(unit, unit.upper())
    amount = number(parts[2].strip(), mark)
    if currency not in _MINOR_DIGITS:
        raise CellError("unknown_currency", f"has the unknown currency {currency}")
    exact = amount.scaleb(_MINOR_DIGITS[currency])
    minor = int(exact)
    if minor != exact:
        raise CellError("too_many_decimals", f"is finer than the smallest unit of {currency}")
    if abs(minor) > _MAX_MINOR:
        raise CellError("number_too_large", "is larger than any price that can be stored")
    return minor, currency


def tax_rate(text: str, mark: str) -> int:
    """Return the rate in basis points (17 % = 1700).

    Raises:
        CellError: No rate between 0 and 100 percent, or one written as a fraction of one.
    """
    percent = number(text.removesuffix("%").rstrip(), mark)
    if 0 < percent < 1:
        raise CellError("bad_tax_rate", "looks like a fraction; write percent, 17 instead of 0.17")
    points = percent * 100
    if not 0 <= points <= 10_000 or points != points.to_integral_value():
        raise CellError("bad_tax_rate", "is not a percentage between 0 and 100 with at most two decimals")
    return int(points)


def score(text: str, mark: str) -> Decimal:
    """Return the rank between 0 and 10, to two decimals.

    Raises:
        CellError: No number in that range.
    """
    value = number(text, mark)
    if not 0 <= value <= 10:
        raise CellError("out_of_range", "is not between 0.0 and 10.0")
    return value.quantize(Decimal("0.01"))


def quantity(text: str) -> int:
    """Return a whole number of pieces; a fraction of zeros, as some systems export it, is dropped.

    Raises:
        CellError: Not a whole number, negative, or more than fits.
    """
    if len(text) < 10 and text.isascii() and text.isdigit():
        return int(text)
    mark = "," if text.rfind(",") > text.rfind(".") else "."
    value = number(text, mark)
    if value < 0 or value != value.to_integral_value():
        raise CellError("bad_quantity", "is not a whole number of 0 or more")
    if value > _MAX_MINOR:
        raise CellError("number_too_large", "is larger than any number of pieces that can be stored")
    return int(value)
