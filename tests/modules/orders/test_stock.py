"""With a stock keeper that is on, an order gets all its pieces or is not placed."""

from sqlalchemy import func, select

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_inventory.models import Inventory
from orion_orders.models import Order
from tests.modules.inventory.shelves import add_variant as add_stocked
from tests.modules.orders.checkouts import add_delivery, move, shopper


def reserved() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.sum(Inventory.reserved))) or 0


def test_placing_promises_pieces_and_cancelling_frees_them(market: Market, store: RequestContext) -> None:
    guest = shopper(market)
    cart = guest.put_in(add_stocked("A-1", {"main": 2}), 2)
    guest.check_out(add_delivery())
    order = guest.order(cart["id"], guest.quote()["total_minor"])
    assert (order.status_code, reserved()) == (201, 2)
    move(market, order.json()["id"], "cancelled", "customer")
    assert reserved() == 0


def test_too_few_pieces_place_nothing_and_say_how_many_there_are(market: Market, store: RequestContext) -> None:
    mug, method, guest = add_stocked("A-1", {"main": 2}), add_delivery(), shopper(market)
    cart = guest.put_in(mug, 2)
    guest.check_out(method)
    total = guest.quote()["total_minor"]
    guest.client.put(f"{guest.shop}/cart/lines/{mug}", json={"quantity": 3})
    answer = guest.order(cart["id"], guest.quote()["total_minor"])
    assert (answer.status_code, answer.json()["code"], answer.json()["available"]) == (
        409,
        "out_of_stock",
        {str(mug): 2},
    )
    with unit_of_work() as session:
        assert session.scalars(select(Order)).all() == []
    guest.client.put(f"{guest.shop}/cart/lines/{mug}", json={"quantity": 2})
    assert guest.order(cart["id"], total).status_code == 201
