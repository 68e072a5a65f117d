"""An order takes legal steps only, each guarded, written down and published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from orion_core.context import Actor, RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.errors import PermissionDenied
from orion_core.services.settings import change_setting
from orion_core.states import IllegalTransition
from orion_core.testing import Market, Outbox
from orion_orders.config import OrdersConfig
from orion_orders.exceptions import GuardFailed
from orion_orders.machines import ORDER
from orion_orders.models import Fulfilment, Order, OrderEvent, OrderItem, Promotion
from orion_orders.services.orders import get_order
from orion_orders.services.transitions import move_order
from tests.modules.orders.checkouts import add_promotion, move, placed

LEGAL = {(step.source, step.target) for step in ORDER.transitions}
ILLEGAL = [(source, target) for source in ORDER.states for target in ORDER.states if (source, target) not in LEGAL]


def put(order_id: UUID, **values: object) -> None:
    with unit_of_work() as session:
        order = get_order(session, order_id)
        for name, value in values.items():
            setattr(order, name, value)


def test_every_illegal_step_is_refused_by_name(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    for source, target in ILLEGAL:
        put(order_id, status=source)
        with pytest.raises(IllegalTransition) as refused:
            move(market, order_id, target, "other")
        assert (refused.value.fields["source"], refused.value.fields["target"]) == (source, target)


def test_step_is_written_down_with_who_and_why(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    move(market, order_id, "cancelled", "fraud")
    with unit_of_work() as session:
        events = session.scalars(select(OrderEvent).order_by(OrderEvent.at)).all()
        assert [event.kind for event in events] == ["placed", "status", "status"]
        assert events[-1].data == {"source": "confirmed", "target": "cancelled", "reason": "fraud"}
        assert events[-1].actor_kind == "system"


def test_cancelling_gives_everything_back(market: Market, store: RequestContext, outbox: Outbox) -> None:
    add_promotion(usage_limit=1)
    order_id = placed(market, promotion_code="MOIEN")
    move(market, order_id, "cancelled", "customer")
    with unit_of_work() as session:
        assert session.scalars(select(Promotion.times_used)).one() == 0
        assert [item.open for item in session.scalars(select(OrderItem))] == [0, 0]
        order = session.scalars(select(Order)).one()
        assert (order.cancel_reason, order.cancelled_at is not None) == ("customer", True)
    published = outbox.published("orders.order_cancelled.v1")
    assert [(event["status"], event["reason"]) for event in published] == [("cancelled", "customer")]


@pytest.mark.parametrize("reason", [None, "because"])
def test_cancelling_needs_a_known_reason(market: Market, store: RequestContext, reason: str | None) -> None:
    order_id = placed(market)
    with pytest.raises(GuardFailed, match="say why"):
        move(market, order_id, "cancelled", reason)


def test_nothing_is_cancelled_once_a_parcel_is_being_made_ready(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    with unit_of_work() as session:
        session.add(Fulfilment(order_id=order_id, number=1, status="picking"))
    with pytest.raises(GuardFailed, match="parcel"):
        move(market, order_id, "cancelled", "customer")


def test_nothing_is_cancelled_once_a_piece_is_shipped(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    with unit_of_work() as session:
        session.scalars(select(OrderItem).where(OrderItem.kind == "product")).one().shipped = 1
    with pytest.raises(GuardFailed, match="shipped"):
        move(market, order_id, "cancelled", "customer")


def test_store_that_wants_payment_first_confirms_paid_orders_only(market: Market, store: RequestContext) -> None:
    with unit_of_work() as session:
        change_setting(session, OrdersConfig, "require_payment", True, "store")
    order_id = placed(market)
    with unit_of_work() as session:
        assert get_order(session, order_id).status == "pending"
    with pytest.raises(GuardFailed, match="not paid"):
        move(market, order_id, "confirmed")
    put(order_id, paid_minor=3_090)
    move(market, order_id, "confirmed")


def test_order_expires_only_unpaid_and_late(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    put(order_id, status="pending")
    with pytest.raises(GuardFailed, match="time to pay"):
        move(market, order_id, "expired")
    put(order_id, placed_at=datetime.now(UTC) - timedelta(days=15))
    move(market, order_id, "expired")
    with unit_of_work() as session:
        assert get_order(session, order_id).cancel_reason == "expired"


def test_order_is_completed_only_when_goods_and_money_are_settled(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    with pytest.raises(GuardFailed, match="not every piece"):
        move(market, order_id, "completed")
    with unit_of_work() as session:
        item = session.scalars(select(OrderItem).where(OrderItem.kind == "product")).one()
        item.shipped = item.quantity
    with pytest.raises(GuardFailed, match="money"):
        move(market, order_id, "completed")
    put(order_id, paid_minor=3_090)
    move(market, order_id, "completed")


def test_customer_may_cancel_and_not_complete(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    with use_context(replace(store, actor=Actor(kind="customer"))):
        with unit_of_work() as session, pytest.raises(PermissionDenied):
            move_order(session, get_order(session, order_id), "completed")
        with unit_of_work() as session:
            assert move_order(session, get_order(session, order_id), "cancelled", "customer").status == "cancelled"
