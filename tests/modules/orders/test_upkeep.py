"""Time lets unpaid orders expire and settled ones be completed, where the module is on; twice changes nothing."""

from datetime import timedelta

from sqlalchemy import select, update

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.services.settings import change_setting
from orion_core.testing import Clock, Market, Worker
from orion_orders.config import OrdersConfig
from orion_orders.models import Cart
from orion_orders.schemas import PaymentInput
from orion_orders.services.orders import get_order
from orion_orders.services.payments import record_payment
from orion_orders.tasks import abandon_carts, complete_settled, expire_unpaid
from tests.modules.inventory.shelves import counters
from tests.modules.orders.checkouts import add_variant, shopper
from tests.modules.orders.team import Desk, desk


def status(team: Desk) -> str:
    """Return the order's state; the team's session has ended long ago."""
    with unit_of_work() as session:
        return get_order(session, team.order_id).status


def test_unpaid_order_expires_and_its_stock_is_free(
    market: Market, store: RequestContext, worker: Worker, clock: Clock
) -> None:
    with unit_of_work() as session:
        change_setting(session, OrdersConfig, "require_payment", True, "store")
    team = desk(market)
    clock.advance(timedelta(days=13))
    worker.run(expire_unpaid)
    assert status(team) == "pending"
    clock.advance(timedelta(days=1, minutes=1))
    for _ in range(2):
        worker.run(expire_unpaid)
    assert (status(team), counters(team.variant_id)) == ("expired", {"main": (10, 0, 0)})


def test_paid_order_does_not_expire(market: Market, store: RequestContext, worker: Worker, clock: Clock) -> None:
    with unit_of_work() as session:
        change_setting(session, OrdersConfig, "require_payment", True, "store")
    team = desk(market)
    team.post("/payments", amount_minor=5_590)
    clock.advance(timedelta(days=30))
    worker.run(expire_unpaid)
    assert status(team) == "confirmed"


def test_settled_order_is_completed_a_while_after_delivery(
    market: Market, store: RequestContext, worker: Worker, clock: Clock
) -> None:
    team = desk(market)
    team.move_parcel(team.ship(4), "delivered")
    clock.advance(timedelta(days=31))
    worker.run(complete_settled)
    assert status(team) == "confirmed"  # it is not paid
    with unit_of_work() as session:
        record_payment(session, get_order(session, team.order_id), PaymentInput(amount_minor=5_590))
    for _ in range(2):
        worker.run(complete_settled)
    assert status(team) == "completed"


def test_forgotten_cart_is_given_up(market: Market, store: RequestContext, worker: Worker) -> None:
    guest = shopper(market)
    guest.put_in(add_variant())
    worker.run(abandon_carts)
    with unit_of_work() as session:
        assert session.scalars(select(Cart.status)).all() == ["active"]
        session.execute(update(Cart).values(updated_at=Cart.updated_at - timedelta(days=31)))
    worker.run(abandon_carts)
    with unit_of_work() as session:
        assert session.scalars(select(Cart.status)).all() == ["abandoned"]
