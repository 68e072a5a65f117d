"""What orders ask: availability, holds, promises, shipments, returns."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.runtime import ask_modules
from orion_core.services.settings import change_setting
from orion_core.testing import Clock, Market, Outbox
from orion_inventory.config import InventoryConfig
from orion_inventory.exceptions import NotEnoughStock
from orion_inventory.models import Location, Reservation
from orion_inventory.services import demand as stock
from orion_inventory.services.ledger import Cause, Move, lock, post
from tests.modules.inventory.shelves import add_variant, assert_proven, available, counters, kinds, soon


def test_an_article_nobody_keeps_sells_without_limit_unless_the_store_says_no(store: RequestContext) -> None:
    variant = add_variant()
    assert available(variant) is None
    with unit_of_work() as session:
        assert stock.allocate(session, new_id(), None, {variant: 1000}) == {}
        change_setting(session, InventoryConfig, "untracked_sells", value=False, level="store")
        assert stock.allocate(session, new_id(), None, {variant: 1}) == {variant: 0}
    assert available(variant) == 0


def test_a_promise_takes_from_the_first_location_then_the_next(store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 3, "back": 5})
    order = new_id()
    with unit_of_work() as session:
        assert stock.allocate(session, order, None, {variant: 5}) == {}
    assert counters(variant) == {"front": (3, 3, 0), "back": (5, 2, 0)}
    assert available(variant) == 3
    with unit_of_work() as session:
        stock.release(session, order, {variant: 3})
    assert counters(variant) == {"front": (3, 2, 0), "back": (5, 0, 0)}
    assert_proven(store)


def test_what_is_short_is_told_and_nothing_is_promised(store: RequestContext) -> None:
    much, little = add_variant("A-1", {"main": 9}), add_variant("A-2", {"main": 1})
    with unit_of_work() as session:
        assert stock.allocate(session, new_id(), None, {much: 2, little: 2}) == {little: 1}
    assert (available(much), available(little)) == (9, 1)


def test_a_hold_counts_against_others_and_ends_with_the_order(store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 5})
    cart = new_id()
    with unit_of_work() as session:
        assert stock.hold(session, cart, {variant: 4}, soon()) == {}
    assert (available(variant), available(variant, cart)) == (1, 5)
    with unit_of_work() as session:
        assert stock.hold(session, new_id(), {variant: 2}, soon()) == {variant: 1}
        assert stock.allocate(session, new_id(), None, {variant: 2}) == {variant: 1}
    with unit_of_work() as session:
        assert stock.allocate(session, new_id(), cart, {variant: 4}) == {}
        assert session.scalars(select(Reservation)).all() == []
    assert available(variant) == 1


def test_a_hold_replaces_what_the_cart_held(store: RequestContext) -> None:
    one, two = add_variant("A-1", {"main": 5}), add_variant("A-2", {"main": 5})
    cart = new_id()
    for demand, left in (({one: 5}, (0, 5)), ({one: 1, two: 9}, (4, 5)), ({}, (5, 5))):
        with unit_of_work() as session:
            assert stock.hold(session, cart, demand, soon()) == ({two: 5} if two in demand else {})
        assert (available(one), available(two)) == left


def test_an_expired_hold_does_not_count_before_it_is_swept(store: RequestContext, clock: Clock) -> None:
    variant = add_variant(pieces={"main": 5})
    with unit_of_work() as session:
        stock.hold(session, new_id(), {variant: 5}, soon(10))
    assert available(variant) == 0
    clock.advance(timedelta(minutes=11))
    assert available(variant) == 5
    with unit_of_work() as session:
        assert stock.allocate(session, new_id(), None, {variant: 5}) == {}


def test_shipping_uses_what_was_promised(store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 3, "back": 5})
    order, other = new_id(), new_id()
    with unit_of_work() as session:
        stock.allocate(session, order, None, {variant: 4})
        stock.allocate(session, other, None, {variant: 4})
    with unit_of_work() as session:
        stock.ship(session, order, new_id(), {variant: 2})
        stock.ship(session, order, new_id(), {variant: 2})
    assert counters(variant) == {"front": (0, 0, 0), "back": (4, 4, 0)}
    assert kinds(variant).count("shipment") == 3
    assert_proven(store)


def test_pieces_that_were_never_promised_leave_as_far_as_there_are_any(store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 1, "back": 2})
    with unit_of_work() as session:
        stock.ship(session, new_id(), new_id(), {variant: 9})
    assert counters(variant) == {"front": (0, 0, 0), "back": (0, 0, 0)}
    assert_proven(store)


def test_an_order_never_gives_back_more_than_it_was_promised(store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 9})
    order, other = new_id(), new_id()
    with unit_of_work() as session:
        stock.allocate(session, order, None, {variant: 2})
        stock.allocate(session, other, None, {variant: 3})
        stock.release(session, order, {variant: 7})
        stock.release(session, order, {variant: 7})
    assert counters(variant) == {"main": (9, 3, 0)}


def test_returned_pieces_come_home_and_only_resellable_ones_are_sold_again(store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 1, "back": 4})
    order = new_id()
    with unit_of_work() as session:
        stock.ship(session, new_id(), new_id(), {variant: 1})
        stock.allocate(session, order, None, {variant: 4})
        stock.ship(session, order, new_id(), {variant: 4})
        stock.take_back(session, order, new_id(), [(variant, 1, "resellable"), (variant, 2, "damaged")])
        stock.take_back(session, order, new_id(), [(variant, 1, "quarantine")])
    assert counters(variant) == {"front": (0, 0, 0), "back": (1, 0, 3)}
    assert available(variant) == 1
    assert_proven(store)


def test_an_inactive_location_sells_nothing_but_ships_what_it_promised(store: RequestContext) -> None:
    variant = add_variant(pieces={"front": 3})
    order = new_id()
    with unit_of_work() as session:
        stock.allocate(session, order, None, {variant: 1})
        session.scalars(select(Location)).one().is_active = False
    assert available(variant) == 0
    with unit_of_work() as session:
        assert stock.allocate(session, new_id(), None, {variant: 1}) == {variant: 0}
        stock.ship(session, order, new_id(), {variant: 1})
    assert counters(variant) == {"front": (2, 0, 0)}


def test_running_low_and_out_and_coming_back_is_told_once_each(store: RequestContext, outbox: Outbox) -> None:
    variant = add_variant(pieces={"main": 5})
    outbox.deliver()
    order = new_id()
    for pieces in (1, 1, 1, 1, 1):
        with unit_of_work() as session:
            stock.allocate(session, order, None, {variant: pieces})
    with unit_of_work() as session:
        stock.release(session, order, {variant: 5})
    changed = [event["available"] for event in outbox.published("inventory.stock_changed.v1")]
    assert changed == [5, 2, 0, 5]
    assert [event["available"] for event in outbox.published("inventory.low_stock.v1")] == [2]


def test_counters_never_fall_below_what_is_promised(store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 5})
    with unit_of_work() as session:
        stock.allocate(session, new_id(), None, {variant: 4})
    with unit_of_work() as session:
        locked = lock(session, [variant])
        (level,) = locked.of(variant)
        with pytest.raises(NotEnoughStock):
            post(session, locked, [Move(level, "write_off", on_hand=-2)], Cause(reason="broken"))
    with pytest.raises(IntegrityError, match="promised_is_there"), unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE inventory.inventory SET on_hand = 3")


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'other'", "DELETE FROM {}"])
def test_the_ledger_cannot_be_rewritten(store: RequestContext, statement: str) -> None:
    add_variant(pieces={"main": 5})
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work() as session:
        session.connection().exec_driver_sql(statement.format("inventory.inventory_transactions"))


def test_a_row_without_its_reason_or_cause_is_refused(store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 5})
    refused = {"adjustment": "has_a_reason", "shipment": "have_an_order", "transfer_out": "transfer_has_its_record"}
    for kind, rule in refused.items():
        with pytest.raises(IntegrityError, match=rule):
            take_one(variant, kind)
    assert counters(variant) == {"main": (5, 0, 0)}


def test_the_other_store_neither_sees_nor_sells_this_stock(market: Market, store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 5})
    with use_context(market.other):
        assert available(variant) is None
        with unit_of_work() as session:
            assert stock.allocate(session, new_id(), None, {variant: 5}) == {}
            assert stock.hold(session, new_id(), {variant: 5}, soon()) == {}
    assert counters(variant) == {"main": (5, 0, 0)}
    assert available(variant) == 5


def test_orders_reach_it_by_their_hooks(store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 5})
    order, cart = new_id(), new_id()
    with unit_of_work() as session:
        held = ask_modules("orders_hold", session=session, cart_id=cart, demand={variant: 2}, until=soon())
        there = ask_modules("orders_available", session=session, variant_ids=[variant], cart_id=None)
        asked = {"session": session, "order_id": order}
        short = ask_modules("orders_allocate", **asked, cart_id=cart, demand={variant: 3})
        ask_modules("orders_release", **asked, demand={variant: 1})
        ask_modules("orders_ship", **asked, fulfilment_id=new_id(), demand={variant: 2})
        ask_modules("orders_take_back", **asked, return_id=new_id(), goods=[(variant, 1, "resellable")])
    assert (held, there, short) == ([("inventory", {})], [("inventory", {variant: 3})], [("inventory", {})])
    assert counters(variant) == {"main": (4, 0, 0)}


def take_one(variant: UUID, kind: str) -> None:
    with unit_of_work() as session:
        locked = lock(session, [variant])
        post(session, locked, [Move(locked.of(variant)[0], kind, on_hand=-1)], Cause())
