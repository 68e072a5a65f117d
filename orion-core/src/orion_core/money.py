"""Money: integer minor units and a currency, never a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in the smallest unit of its currency.

    Args:
        amount: Minor units (cents for EUR, yen for JPY).
        currency: ISO 4217 code.

    Raises:
        TypeError: If the amount is not an integer.
        ValueError: If the currency is not three capital letters.
    """

    amount: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError(f"money is counted in whole minor units, not {type(self.amount).__name__}")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code")

    @classmethod
    def of(cls, value: Decimal | str | int, currency: str = "EUR") -> Money:
        """Return the amount of a decimal number of major units, rounded half up to minor units.

        Args:
            value: Major units, ``Decimal("4.95")``.
            currency: ISO 4217 code.
        """
        scaled = Decimal(value).scaleb(get_currency_precision(currency))
        return cls(int(scaled.quantize(Decimal(1), ROUND_HALF_UP)), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.amount).scaleb(-get_currency_precision(self.currency))

    def format(self, locale: str = "en") -> str:
        """Return the amount as people of ``locale`` write it."""
        return format_currency(self.decimal, self.currency, locale=locale)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split the amount in proportion to ``weights`` so that the parts sum to the whole.

        The remainder goes, one minor unit each, to the largest fractions, ties to the earlier part (largest
        remainder method).

        Args:
            weights: Non-negative integers, not all zero.

        Raises:
            ValueError: If there is no positive weight or one is negative.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must be non-negative and not all zero")
        floors = [divmod(self.amount * weight, total) for weight in weights]
        rest = self.amount - sum(floor for floor, _ in floors)
        favoured = sorted(range(len(weights)), key=lambda i: (-floors[i][1], i))[:rest]
        return [Money(floor + (i in favoured), self.currency) for i, (floor, _) in enumerate(floors)]

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.amount
