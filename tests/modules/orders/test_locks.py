"""Changes at the same time wait for each other, and never in a circle."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.models import Promotion
from orion_orders.services import stock
from tests.modules.inventory.shelves import add_variant, assert_proven, counters
from tests.modules.orders.checkouts import add_delivery, add_promotion, move, shopper
from tests.modules.orders.team import Desk

PATIENCE = 2.0
"""Seconds that a change waits for the other one to come as far; PostgreSQL looks for circles after one."""


def desks(market: Market, *variants: UUID) -> list[Desk]:
    """Place an order of one piece of each of these articles, each with a member of the team at it."""
    method, found = add_delivery(), []
    for variant in variants:
        guest = shopper(market)
        cart = guest.put_in(variant)
        guest.check_out(method)
        order = guest.order(cart["id"], guest.quote()["total_minor"]).json()
        place = f"/api/v1/stores/{market.mine.store.code}"
        item_id = order["items"][0]["id"]
        found.append(Desk(market.client("manager"), place, UUID(order["id"]), variant, item_id))
    return found


def requested(team: Desk, instead: UUID) -> str:
    """Ask for another article instead of the order's own, and return the edit's address."""
    change = team.post("/changes", cancel={team.item_id: 1}, add=[{"variant_id": str(instead)}]).json()
    steps = f"{team.store}/changes/{change['id']}/steps"
    assert team.client.post(steps, json={"target": "requested"}).status_code == 200
    return steps


def test_two_orders_that_swap_articles_are_both_edited(
    market: Market, store: RequestContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    cup, bowl = add_variant("A-1", {"main": 5}), add_variant("B-1", {"main": 5})
    teams = desks(market, cup, bowl)
    edits = [(teams[0], requested(teams[0], bowl)), (teams[1], requested(teams[1], cup))]
    both, release = Barrier(2, timeout=PATIENCE), stock.release

    def release_after_a_while(*given: Any) -> None:
        with suppress(BrokenBarrierError):  # the other edit waits for this one, as it should
            both.wait()
        release(*given)

    monkeypatch.setattr(stock, "release", release_after_a_while)

    def confirm(team: Desk, steps: str) -> int:
        return int(team.client.post(steps, json={"target": "confirmed"}).status_code)

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(copy_context().run, confirm, team, steps) for team, steps in edits]
        assert [each.result() for each in running] == [200, 200]
    assert (counters(cup), counters(bowl)) == ({"main": (5, 1, 0)}, {"main": (5, 1, 0)})
    assert_proven(market.mine)


def test_an_order_with_a_code_is_placed_while_another_is_cancelled(
    market: Market, store: RequestContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    cup, method, code = add_variant("A-1", {"main": 5}), add_delivery(), add_promotion()
    first, second = (shopper(market), shopper(market))
    for guest in (first, second):
        guest.put_in(cup)
        guest.check_out(method, promotion_code="MOIEN")
    cart, total = first.quote()["cart_id"], first.quote()["total_minor"]
    order_id = UUID(first.order(cart, total).json()["id"])
    cart = second.quote()["cart_id"]
    both, release, allocate = Barrier(2, timeout=PATIENCE), stock.release, stock.allocate

    def release_and_wait(*given: Any) -> None:
        release(*given)
        with suppress(BrokenBarrierError):  # the other one waits for this one, as it should
            both.wait()

    def wait_and_allocate(*given: Any) -> None:
        with suppress(BrokenBarrierError):
            both.wait()
        allocate(*given)

    monkeypatch.setattr(stock, "release", release_and_wait)
    monkeypatch.setattr(stock, "allocate", wait_and_allocate)

    with ThreadPoolExecutor(2) as threads:
        cancelled = threads.submit(copy_context().run, move, market, order_id, "cancelled", "customer")
        placed = threads.submit(copy_context().run, second.order, cart, total, "key-2")
        cancelled.result()
        assert placed.result().status_code == 201
    assert counters(cup) == {"main": (5, 1, 0)}
    with unit_of_work() as session:
        assert session.get_one(Promotion, (store.store_id, code)).times_used == 1
