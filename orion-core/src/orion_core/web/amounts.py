"""Amounts of money as people type them into forms."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from orion_core.errors import InvalidInput
from orion_core.money import Money

MOST_MINOR = 2**31 - 1
"""What a column of amounts holds."""

_SPACE = "[ \u00a0\u202f]"
_TYPED = re.compile(rf"([0-9]{{1,10}}|[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}}){{1,3}})(?:[.,]([0-9]{{1,3}}))?")


def typed_amount(text: str, currency: str, field: str, *, least: int = 0) -> int:
    """Return an amount, typed in major units, in minor units.

    Point and comma both mark decimals, and only spaces set thousands apart. So ``1.234`` is not an amount of euros: it
    may mean a thousand or one, and nothing is guessed or rounded.

    Args:
        text: What was typed.
        currency: ISO 4217 code; it says how many decimals there may be.
        field: The form's field, for the error.
        least: The smallest amount that is accepted, in minor units.

    Raises:
        InvalidInput: It is no such amount; the error names the field.
    """
    found, digits = _TYPED.fullmatch(text.strip()), get_currency_precision(currency)
    if found is None or len(found[2] or "") > digits:
        raise InvalidInput(errors={field: _advice(digits)})
    whole = re.sub(_SPACE, "", found[1])
    amount = Money.of(Decimal(f"{whole}.{found[2] or 0}"), currency).amount
    if amount > MOST_MINOR:
        raise InvalidInput(errors={field: "This amount is too large"})
    if amount < least:
        raise InvalidInput(errors={field: _advice(digits)})
    return amount


def _advice(digits: int) -> str:
    return "Write an amount such as 12.50" if digits else "Write an amount without decimals, such as 1250"
