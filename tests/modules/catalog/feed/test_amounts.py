"""Prices, rates and pieces are read exactly or refused, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_catalog.feed.amounts import decimal_mark, money, quantity, score, tax_rate
from orion_catalog.feed.errors import CellError

_OTHER = {".": ",", ",": "."}


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("4.95 EUR", ".", 495),
        ("4.95EUR", ".", 495),
        ("EUR 4.95", ".", 495),
        ("€4.95", ".", 495),
        ("4,95 €", ",", 495),
        ("4.9", ".", 490),
        ("119.9900", ".", 11999),
        ("0.850", ".", 85),
        ("1.234,50", ",", 123450),
        ("1,234.50", ".", 123450),
        ("1 234,50", ",", 123450),
        ("1\u202f234,50", ",", 123450),
        ("1'234.50", ".", 123450),
        ("1,234,567.00", ".", 123456700),
        ("12", ".", 1200),
        ("12", ",", 1200),
        ("-4.95", ".", -495),
    ],
)
def test_price_forms_of_real_shops_are_read(text: str, mark: str, minor: int) -> None:
    assert money(text, mark, "EUR") == (minor, "EUR")


@pytest.mark.parametrize(
    ("text", "mark", "code"),
    [
        ("free", ".", "not_a_number"),
        ("NaN", ".", "not_a_number"),
        ("1e3", ".", "not_a_number"),
        ("4.95 EUR USD", ".", "not_a_number"),
        ("EUR 4.95 EUR", ".", "not_a_number"),
        ("=1+1", ".", "not_a_number"),
        ("٤.٩٥", ".", "not_a_number"),
        ("1,23,4", ".", "not_a_number"),
        ("4.95 ABC", ".", "unknown_currency"),
        ("4.955", ".", "ambiguous_number"),
        ("1.234", ",", "ambiguous_number"),
        ("1,234", ".", "ambiguous_number"),
        ("4,95", ".", "decimal_mark"),
        ("4.95", ",", "decimal_mark"),
        ("4.9551", ".", "too_many_decimals"),
        ("4.95 JPY", ".", "too_many_decimals"),
        ("99999999999", ".", "number_too_large"),
        ("9" * 39, ".", "not_a_number"),
    ],
)
def test_doubtful_price_is_refused_by_name(text: str, mark: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        money(text, mark, "EUR")
    assert refused.value.code == code


def test_currency_of_the_cell_beats_the_default_and_has_its_own_decimals() -> None:
    assert money("500 JPY", ".", "EUR") == (500, "JPY")
    assert money("1.5 KWD", ".", "EUR") == (1500, "KWD")
    assert money("1.50 chf", ".", "EUR") == (150, "CHF")


@given(
    minor=st.integers(0, 2**31 - 1),
    mark=st.sampled_from(".,"),
    grouped=st.booleans(),
    unit=st.sampled_from(["", " EUR", "EUR", " €"]),
)
def test_every_amount_comes_back_as_written(minor: int, mark: str, unit: str, *, grouped: bool) -> None:
    whole = f"{minor // 100:,}" if grouped else str(minor // 100)
    text = f"{whole.replace(',', _OTHER[mark])}{mark}{minor % 100:02d}{unit}"
    assert money(text, mark, "EUR") == (minor, "EUR")
    assert decimal_mark(text) == mark


@given(st.text(max_size=40), st.sampled_from(".,"))
def test_any_text_is_an_amount_or_a_cell_error(text: str, mark: str) -> None:
    try:
        minor, _ = money(text.strip(), mark, "EUR")
    except CellError:
        return
    assert isinstance(minor, int)


@pytest.mark.parametrize(
    ("text", "mark", "points"),
    [("17", ".", 1700), ("17 %", ".", 1700), ("17.00", ".", 1700), ("5,5%", ",", 550), ("0", ".", 0)],
)
def test_tax_rate_is_read_in_basis_points(text: str, mark: str, points: int) -> None:
    assert tax_rate(text, mark) == points


@pytest.mark.parametrize("text", ["0.17", "-3", "101", "7.1234", "seventeen", "5,5"])
def test_doubtful_tax_rate_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        tax_rate(text, ".")


@pytest.mark.parametrize(("text", "pieces"), [("0", 0), ("20", 20), ("20.0", 20), ("20,00", 20), ("1,234.0", 1234)])
def test_quantity_is_a_whole_number(text: str, pieces: int) -> None:
    assert quantity(text) == pieces


@pytest.mark.parametrize("text", ["-1", "1.5", "1.000", "many", "9999999999", "²"])
def test_doubtful_quantity_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        quantity(text)


def test_score_lies_between_0_and_10() -> None:
    assert score("5.5", ".") == Decimal("5.50")
    with pytest.raises(CellError):
        score("10.1", ".")
