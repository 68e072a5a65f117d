"""Two hundred buyers on twenty threads for fifty pieces, in two stores at once: fifty are sold in each.

Here at the hooks of orders; ``tests/modules/orders/test_rush.py`` places whole orders, a hundred rounds of them.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from uuid import UUID

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.testing import Market
from orion_inventory.services import demand as stock
from tests.modules.inventory.shelves import add_variant, assert_proven, counters, soon

PIECES, BUYERS, THREADS = 50, 200, 20


def test_exactly_as_many_are_sold_as_there_are(market: Market) -> None:
    for number in range(5):
        storm(market, number)


def storm(market: Market, number: int) -> None:
    """Let a round of buyers loose; those of the other store also cancel, and what they leave is bought afterwards."""
    stores = {"mine": market.mine, "other": market.other}
    wanted = {name: furnish(context, number) for name, context in stores.items()}
    buyers = [(name, buyer) for name in stores for buyer in range(BUYERS)]
    random.Random(number).shuffle(buyers)
    sold: Counter[str] = Counter()
    with ThreadPoolExecutor(THREADS) as threads:
        running = [
            (name, threads.submit(copy_context().run, buy, stores[name], wanted[name], buyer, cancels=name == "other"))
            for name, buyer in buyers
        ]
        for name, outcome in running:
            sold[name] += outcome.result()
    assert sold["mine"] == PIECES
    for name, context in stores.items():
        hot, _ = wanted[name]
        with use_context(context):
            sold[name] += drain(hot)
            assert sold[name] == PIECES
            assert counters(hot) == {"front": (30, 30, 0), "back": (20, 20, 0)}
        assert_proven(context)


def furnish(context: RequestContext, number: int) -> tuple[UUID, UUID]:
    with use_context(context):
        hot = add_variant(f"HOT-{number}", {"front": 30, "back": 20})
        side = add_variant(f"SIDE-{number}", {"front": 100, "back": 1000})
        with unit_of_work() as session:
            for _ in range(10):
                stock.hold(session, new_id(), {hot: 5}, datetime.now(UTC) - timedelta(seconds=1))
    return hot, side


def buy(context: RequestContext, wanted: tuple[UUID, UUID], buyer: int, *, cancels: bool) -> int:
    """Buy a piece of each, in either order, some after holding them; return how many were kept in the end."""
    demand = dict.fromkeys(wanted if buyer % 2 else reversed(wanted), 1)
    cart, order = new_id() if buyer % 4 == 0 else None, new_id()
    with use_context(context):
        if cart:
            with unit_of_work() as session:
                if stock.hold(session, cart, demand, soon()):
                    stock.hold(session, cart, {}, soon())
                    return 0
        with unit_of_work() as session:
            if stock.allocate(session, order, cart, demand):
                session.rollback()
                return 0
        if cancels and buyer % 5 == 0:
            with unit_of_work() as session:
                stock.release(session, order, demand)
            return 0
    return 1


def drain(variant: UUID) -> int:
    bought = 0
    while True:
        with unit_of_work() as session:
            if stock.allocate(session, new_id(), None, {variant: 1}):
                return bought
        bought += 1
