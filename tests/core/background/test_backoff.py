"""Waits between attempts: they double, they are capped, and chance spreads them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from orion_core.services.backoff import LONGEST, backoff


@given(st.integers(min_value=1, max_value=10_000))
def test_wait_is_never_longer_than_an_hour_and_never_nothing(attempt: int) -> None:
    assert timedelta(seconds=2) < backoff(attempt) <= LONGEST


def test_third_wait_is_about_four_times_the_first() -> None:
    waits = {backoff(3) for _ in range(20)}
    assert all(timedelta(seconds=10) <= wait <= timedelta(seconds=20) for wait in waits)
    assert len(waits) > 1
