"""Amounts typed into forms are read exactly, or refused by the field's name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_core.errors import InvalidInput
from orion_core.money import Money
from orion_core.web import typed_amount

READ = [
    ("12", "EUR", 1_200),
    ("12.5", "EUR", 1_250),
    ("12.50", "EUR", 1_250),
    ("12,50", "EUR", 1_250),
    (" 12,50 ", "EUR", 1_250),
    ("0", "EUR", 0),
    ("0012", "EUR", 1_200),
    ("1 234,56", "EUR", 123_456),
    ("1\u00a0234,56", "EUR", 123_456),
    ("1\u202f234\u202f567,89", "EUR", 123_456_789),
    ("21474836.47", "EUR", 2**31 - 1),
    ("1250", "JPY", 1_250),
    ("1 250", "JPY", 1_250),
    ("2147483647", "JPY", 2**31 - 1),
    ("1.234", "KWD", 1_234),
    ("2147483,647", "KWD", 2**31 - 1),
]
WORDS = ["", " ", "much", "12 EUR", "€12", "1e3", "0x1", "nan", "inf"]
SIGNS = ["-1", "-0", "+1", "12.", ".5", "1..2", "12.5.0"]
THOUSANDS = ["1.234", "1,234", "1.234,56", "1,234.56", "1'234", "12 34", "1 2345", "1  234", "1234 567", " 1 234 5"]
OTHER_SIGNS = ["\u0661\u0662", "\uff11\uff12", "\u00b2", "1\x00", "1\t234"]


@pytest.mark.parametrize(("text", "currency", "amount"), READ)
def test_an_amount_is_read_exactly(text: str, currency: str, amount: int) -> None:
    assert typed_amount(text, currency, "price") == amount


@pytest.mark.parametrize("text", [*WORDS, *SIGNS, *THOUSANDS, *OTHER_SIGNS])
def test_what_is_no_amount_of_euros_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed_amount(text, "EUR", "price")
    assert refused.value.errors == {"price": "Write an amount such as 12.50"}


@pytest.mark.parametrize(("text", "currency"), [("12.505", "EUR"), ("12.500", "EUR"), ("1.2345", "KWD")])
def test_decimals_that_the_currency_does_not_have_are_not_rounded(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed_amount(text, currency, "price")
    assert refused.value.errors == {"price": "Write an amount such as 12.50"}


@pytest.mark.parametrize("text", ["12.5", "12,50", "1.250", "", "many"])
def test_a_currency_without_decimals_has_none(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed_amount(text, "JPY", "price")
    assert refused.value.errors == {"price": "Write an amount without decimals, such as 1250"}


@pytest.mark.parametrize(
    ("text", "currency"), [("21474836.48", "EUR"), ("2147483648", "JPY"), ("2147483.648", "KWD"), ("9" * 10, "EUR")]
)
def test_an_amount_that_no_column_holds_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed_amount(text, currency, "price")
    assert refused.value.errors == {"price": "This amount is too large"}


@pytest.mark.parametrize("text", ["9" * 11, "9" * 100_000, "1 " * 50_000, "0." + "0" * 100_000])
def test_a_very_long_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        typed_amount(text, "EUR", "price")


def test_what_is_below_the_least_is_refused() -> None:
    assert typed_amount("0.01", "EUR", "amount", least=1) == 1
    with pytest.raises(InvalidInput) as refused:
        typed_amount("0.00", "EUR", "amount", least=1)
    assert refused.value.errors == {"amount": "Write an amount such as 12.50"}


@given(st.integers(0, 2**31 - 1), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(".,"))
def test_an_amount_is_read_as_it_is_shown(amount: int, currency: str, mark: str) -> None:
    shown = str(Money(amount, currency).decimal)
    assert typed_amount(shown.replace(".", mark), currency, "price") == amount


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        assert 0 <= typed_amount(text, "EUR", "price") < 2**31
