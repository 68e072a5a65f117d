"""What is known of a person is handed out, scrubbed, and given to the account that proves the address."""

from uuid import UUID

from sqlalchemy import select

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_customers.models import Customer
from orion_orders.models import Cart, Order
from orion_orders.services.orders import attach_guest_orders
from orion_orders.services.people import erase_person, export_person
from tests.modules.orders.checkouts import placed

EMAIL = "lena@example.com"
CUSTOMER = UUID("0192f3a0-0000-7000-8000-000000000001")


def test_export_holds_a_guests_orders_and_nobody_elses(market: Market, store: RequestContext) -> None:
    order_id = placed(market)
    with unit_of_work() as session:
        found = export_person(session, None, EMAIL)["orders"]
        assert [order["id"] for order in found] == [str(order_id)]
        assert found[0]["shipping_address"]["city"] == "Luxembourg"
        assert export_person(session, None, "tom@example.com") == {"orders": []}


def test_erasure_takes_the_person_and_leaves_amounts_and_country(market: Market, store: RequestContext) -> None:
    placed(market, note="Ring twice")
    with unit_of_work() as session:
        assert erase_person(session, None, EMAIL) == {"orders made anonymous": 1, "carts removed": 1}
    with unit_of_work() as session:
        order = session.scalars(select(Order)).one()
        assert (order.email, order.note, order.total_minor) == (None, "", 3_090)
        for address in (order.shipping_address, order.billing_address):
            assert address is not None
            assert {name: value for name, value in address.items() if value} == {"country": "LU"}
        assert session.scalars(select(Cart)).all() == []


def test_erasure_in_one_store_leaves_the_other_alone(market: Market, store: RequestContext) -> None:
    placed(market)
    with use_context(market.other), unit_of_work() as session:
        assert erase_person(session, None, EMAIL) == {"orders made anonymous": 0, "carts removed": 0}
    with unit_of_work() as session:
        assert session.scalars(select(Order.email)).one() == EMAIL


def test_orders_of_a_guest_become_those_of_the_account_that_proves_the_address(
    market: Market, store: RequestContext
) -> None:
    placed(market)
    with unit_of_work() as session:
        session.add(Customer(id=CUSTOMER, number="C-1", email=EMAIL, name="Lena", locale="en"))
        session.flush()
        assert attach_guest_orders(session, CUSTOMER, "tom@example.com") == 0
        assert attach_guest_orders(session, CUSTOMER, EMAIL) == 1
    with unit_of_work() as session:
        assert session.scalars(select(Order.customer_id)).one() == CUSTOMER
