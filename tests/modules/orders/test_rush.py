"""Two hundred buyers on twenty threads order fifty pieces, in two stores at once: fifty are sold in each."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.testing import Market
from orion_inventory.services import demand as stock
from orion_orders.exceptions import OutOfStock
from orion_orders.models import Cart, CartLine, Order, OrderItem
from orion_orders.services.carts import token_hash
from orion_orders.services.checkout import lock_own_cart
from orion_orders.services.placement import place_order
from orion_orders.services.quotes import make_quote
from orion_orders.services.transitions import move_order
from tests.modules.inventory.shelves import add_variant, assert_proven, counters, soon
from tests.modules.orders.checkouts import ADDRESS, add_delivery

PIECES, BUYERS, THREADS = 50, 200, 20


@dataclass(frozen=True)
class Shop:
    """A store with a hot article of fifty pieces, another article, and the carts of all who want both."""

    context: RequestContext
    hot: UUID
    carts: list[UUID]
    total: int


def test_exactly_as_many_are_ordered_as_there_are(market: Market) -> None:
    methods = deliveries(market)
    for number in range(5):
        rush(market, methods, number)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_exactly_as_many_are_ordered_as_there_are_a_hundred_times(market: Market) -> None:
    methods = deliveries(market)
    for number in range(100):
        rush(market, methods, number)


def deliveries(market: Market) -> dict[str, UUID]:
    """Give both stores a way of delivery."""
    methods = {}
    for name, context in (("mine", market.mine), ("other", market.other)):
        with use_context(context):
            methods[name] = add_delivery()
    return methods


def rush(market: Market, methods: dict[str, UUID], number: int) -> None:
    """Let a round of buyers loose; those of the other store also cancel, and what they leave is bought afterwards."""
    shops = {
        name: furnish(context, methods[name], number)
        for name, context in (("mine", market.mine), ("other", market.other))
    }
    buyers = [(name, buyer) for name in shops for buyer in range(BUYERS)]
    random.Random(number).shuffle(buyers)
    sold: Counter[str] = Counter()
    with ThreadPoolExecutor(THREADS) as threads:
        running = [
            (name, threads.submit(copy_context().run, buy, shops[name], buyer, cancels=name == "other"))
            for name, buyer in buyers
        ]
        for name, outcome in running:
            sold[name] += outcome.result()
    assert sold["mine"] == PIECES
    for name, shop in shops.items():
        with use_context(shop.context):
            late = fill_carts(methods[name], [(shop.hot,)] * (PIECES - sold[name] + 1))
            sold[name] += sum(order(cart, total_of(cart)) is not None for cart in late)
            assert sold[name] == ordered(shop.hot) == PIECES
            assert counters(shop.hot) == {"front": (30, 30, 0), "back": (20, 20, 0)}
        assert_proven(shop.context)


def furnish(context: RequestContext, method: UUID, number: int) -> Shop:
    with use_context(context):
        hot = add_variant(f"HOT-{number}", {"front": 30, "back": 20})
        side = add_variant(f"SIDE-{number}", {"front": 100, "back": 1000})
        with unit_of_work() as session:
            for _ in range(10):
                stock.hold(session, new_id(), {hot: 5}, datetime.now(UTC) - timedelta(seconds=1))
        carts = fill_carts(method, [(hot, side) if buyer % 2 else (side, hot) for buyer in range(BUYERS)])
        return Shop(context, hot, carts, total_of(carts[0]))


def fill_carts(method: UUID, contents: list[tuple[UUID, ...]]) -> list[UUID]:
    """Make carts that lack nothing, with one piece of each of their articles."""
    with unit_of_work() as session:
        carts = [
            Cart(
                id=(cart_id := new_id()),
                token_hash=token_hash(str(cart_id)),
                currency="EUR",
                email="lena@example.com",
                shipping_address=ADDRESS,
                shipping_method_id=method,
            )
            for _ in contents
        ]
        session.add_all(carts)
        session.flush()
        session.add_all(
            CartLine(cart_id=cart.id, variant_id=variant, quantity=1, position=place)
            for cart, wanted in zip(carts, contents, strict=True)
            for place, variant in enumerate(wanted)
        )
        return [cart.id for cart in carts]


def total_of(cart_id: UUID) -> int:
    with unit_of_work() as session:
        cart = lock_own_cart(session, cart_id, str(cart_id))
        return make_quote(session, cart).basket.total_minor


def buy(shop: Shop, buyer: int, *, cancels: bool) -> int:
    """Order what is in a cart, some after holding it; return how many were kept in the end."""
    cart_id = shop.carts[buyer]
    with use_context(shop.context):
        if buyer % 4 == 0:
            with unit_of_work() as session:
                stock.hold(session, cart_id, {shop.hot: 1}, soon())
        order_id = order(cart_id, shop.total)
        if order_id is None:
            with unit_of_work() as session:
                stock.hold(session, cart_id, {}, soon())
            return 0
        if cancels and buyer % 5 == 0:
            with unit_of_work() as session:
                move_order(session, session.get_one(Order, (shop.context.store_id, order_id)), "cancelled", "customer")
            return 0
    return 1


def order(cart_id: UUID, total: int) -> UUID | None:
    """Order a cart and return the order, or ``None`` if there was not enough left."""
    try:
        with unit_of_work() as session:
            cart = lock_own_cart(session, cart_id, str(cart_id))
            placed, _ = place_order(session, cart, expected_total_minor=total, accept_terms=True)
            return placed.id
    except OutOfStock:
        return None


def ordered(variant: UUID) -> int:
    """Return the pieces on orders that were not cancelled."""
    pieces = select(func.sum(OrderItem.quantity - OrderItem.cancelled)).where(OrderItem.variant_id == variant)
    with unit_of_work() as session:
        return session.scalar(pieces) or 0
