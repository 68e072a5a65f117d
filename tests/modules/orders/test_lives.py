"""Whatever happens to an order, in whatever sequence: money, pieces, stock and states agree after every step."""

from collections import Counter
from random import Random

import pytest

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from tests.modules.inventory.shelves import add_variant
from tests.modules.orders.checkouts import add_delivery, add_promotion
from tests.modules.orders.lives import STEPS, WEIGHTS, begin, wrong


def live(store: RequestContext, seed: int, orders: int, steps: int) -> Counter[tuple[str, str]]:
    """Lead orders through steps drawn by chance, prove every rule after each, and count what came of them."""
    chance, outcomes = Random(seed), Counter[tuple[str, str]]()
    variants = [add_variant(sku, {"main": 400, "shop": 50}, price_minor=price) for sku, price in PRICES]
    method = add_delivery()
    add_promotion(value=1_333)
    for number in range(orders):
        life = begin(store, variants, method, chance, "MOIEN" if number % 2 else "")
        for name in chance.choices(list(STEPS), WEIGHTS, k=steps):
            outcomes[name, life.step(name)] += 1
            with unit_of_work() as session:
                assert wrong(session) == [], (number, name)
    return outcomes


PRICES = (("A-1", 1_250), ("A-2", 333), ("A-3", 9_999))


def test_all_rules_hold_after_every_step(market: Market, store: RequestContext) -> None:
    outcomes = live(store, seed=4, orders=8, steps=30)
    # Chance must have done each of these things at least once, or the test proves less than it says.
    assert {name for name, result in outcomes if result == "done"} == set(STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_all_rules_hold_in_many_lives(market: Market, store: RequestContext, seed: int) -> None:
    live(store, seed=100 + seed, orders=40, steps=40)
