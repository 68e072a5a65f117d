"""A process of buyers is killed at random moments: the sums hold after each."""

import os
import random
import subprocess
import sys
from uuid import UUID

import pytest

from orion_core.context import RequestContext
from orion_core.testing import Market
from tests.modules.inventory.shelves import add_variant, assert_proven, counters


@pytest.mark.timeout(60)
def test_the_sums_hold_when_the_process_is_killed(market: Market, store: RequestContext) -> None:
    kill_buyers(market, store, kills=1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_sums_hold_when_the_process_is_killed_often(market: Market, store: RequestContext) -> None:
    kill_buyers(market, store, kills=25)


def kill_buyers(market: Market, store: RequestContext, kills: int) -> None:
    variants = [add_variant(f"A-{number}", {"front": 20, "back": 2000}) for number in range(3)]
    for number in range(kills):
        orders = random.Random(number).randint(20, 200)
        assert kill_after(orders, market, store, variants) >= orders
        assert_proven(store)
    # What was bought came back, was given back or is still promised: nothing was lost, but for shipments under way.
    for variant in variants:
        on_hand = sum(place[0] for place in counters(variant).values())
        assert 2020 - kills * 6 * 3 <= on_hand <= 2020


def kill_after(orders: int, market: Market, store: RequestContext, variants: list[UUID]) -> int:
    """Return how many orders were placed before the process was killed."""
    urls = market.stage.urls
    environment = os.environ | {"ORION_TEST_APP_URL": urls.app, "ORION_TEST_PLATFORM_URL": urls.platform}
    command = [sys.executable, "-m", "tests.modules.inventory.buyers", store.store.code, *map(str, variants)]
    placed = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in process.stdout:
            placed += 1
            if placed >= orders:
                break
        process.kill()
    return placed
