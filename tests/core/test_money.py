"""Money never loses or invents a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_core.money import Money

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    assert sum(part.amount for part in Money(amount).allocate(weights)) == amount


@given(AMOUNTS, WEIGHTS)
def test_each_part_is_within_a_cent_of_its_share(amount: int, weights: list[int]) -> None:
    for part, weight in zip(Money(amount).allocate(weights), weights, strict=True):
        assert abs(Decimal(part.amount) - Decimal(amount) * weight / sum(weights)) < 1


def test_remainder_goes_to_the_largest_fractions() -> None:
    assert [part.amount for part in Money(100).allocate([1, 1, 1])] == [34, 33, 33]
    assert [part.amount for part in Money(10).allocate([5, 3, 3])] == [4, 3, 3]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_impossible_weights_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).allocate(weights)


def test_a_float_is_not_money() -> None:
    with pytest.raises(TypeError, match="whole minor units"):
        Money(4.95)  # type: ignore[arg-type]


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot combine EUR with USD"):
        Money(1, "EUR") + Money(1, "USD")


@given(st.integers(0, 10**9))
def test_major_units_and_back(cents: int) -> None:
    money = Money(cents)
    assert Money.of(money.decimal) == money


def test_minor_units_follow_the_currency() -> None:
    assert Money.of("1234", "JPY").amount == 1234
    assert Money.of("1.005").amount == 101
    assert Money(1234, "JPY").decimal == Decimal(1234)


def test_people_read_their_own_notation() -> None:
    assert Money(123456).format("en") == "€1,234.56"
    assert Money(123456).format("de").replace("\xa0", " ") == "1.234,56 €"
