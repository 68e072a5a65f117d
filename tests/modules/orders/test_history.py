"""Past sales come in with every line accounted for, to the cent; a second time nothing changes."""

import csv
import os
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.errors import InvalidInput
from orion_core.testing import Market, Outbox
from orion_orders.models import Order, OrderCredit, OrderItem
from orion_orders.services.history import HistoryReport, import_history
from tests.modules.orders.checkouts import placed
from tests.modules.orders.lives import wrong

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINES = """
1,MUG,Mug,4,2010-12-01 08:00:00,2.50,77.0,United Kingdom
1,POST,POSTAGE,1,2010-12-01 08:00:00,3.00,77.0,United Kingdom
2,MUG,Mug,1,2010-12-02 08:00:00,2.50,,EIRE
2,MUG,Mug,2,2010-12-02 08:00:00,2.50,,EIRE
C3,MUG,Mug,-3,2010-12-03 08:00:00,2.50,77.0,United Kingdom
C4,MUG,Mug,-2,2010-12-04 08:00:00,2.50,77.0,United Kingdom
C5,MUG,Mug,-1,2010-12-05 08:00:00,2.50,,EIRE
6,MUG,damaged,-5,2010-12-06 08:00:00,0,,United Kingdom
7,MUG,Mug,two,2010-12-07 08:00:00,2.50,77.0,United Kingdom
8,FREE,Sample,1,2010-12-08 08:00:00,0,78.0,Atlantis
""".strip().splitlines()


def run(lines: Iterable[str]) -> HistoryReport:
    return import_history([HEADER, *lines], lambda _done, _total: None)


def test_every_line_is_accounted_for(market: Market, store: RequestContext, outbox: Outbox) -> None:
    report = run(LINES)
    assert (report.lines, report.orders, report.sold, report.credited, report.unchanged) == (10, 3, 5, 1, 0)
    assert [(each.number, each.reason) for each in report.refused] == [
        (7, "the sale it cancels is not in the file"),
        (8, "without a customer nobody can tell which sale it cancels"),
        (9, "it takes pieces back without being a cancellation"),
        (10, "quantity, price or date cannot be read"),
    ]
    assert (report.sold_minor, report.credited_minor, report.refused_minor) == (2_050, 750, -750)
    with unit_of_work() as session:
        order = session.scalars(select(Order).where(Order.external_id == "1")).one()
        assert (order.status, order.goods_minor, order.shipping_minor, order.credited_minor) == (
            "completed",
            1_000,
            300,
            750,
        )
        assert (order.payment_status, order.fulfilment_status, order.due_minor) == (
            "partially_refunded",
            "partially_returned",
            0,
        )
        assert order.shipping_address
        assert order.shipping_address["country"] == "GB"
        # Its pieces were never promised or put into parcels here.
        assert [rule for rule in wrong(session) if "parcel" not in rule] == []
    assert outbox.published("orders.order_placed.v1") == []


def test_past_orders_stand_below_newer_ones_in_lists(market: Market, store: RequestContext) -> None:
    newer = placed(market)
    run(LINES)
    page = market.client("manager").get(f"/api/v1/stores/{store.store.code}/orders").json()
    assert [order["number"] for order in page["items"]][1:] == ["H8", "H2", "H1"]
    assert page["items"][0]["id"] == str(newer)


def test_second_time_nothing_changes(market: Market, store: RequestContext) -> None:
    run(LINES)
    again = run(LINES)
    assert (again.orders, again.sold, again.credited, again.unchanged, len(again.refused)) == (0, 0, 0, 6, 4)
    more = run([*LINES, "9,CUP,Cup,1,2010-12-09 08:00:00,1.00,77.0,France"])
    assert (more.orders, more.sold_minor, more.unchanged) == (1, 100, 6)


def test_other_store_may_have_the_same_numbers_and_sees_none_of_ours(market: Market, store: RequestContext) -> None:
    run(LINES)
    page = market.client("other_owner").get(f"/api/v1/stores/{market.other.store.code}/orders")
    assert page.json()["items"] == []


def test_wrong_file_is_refused_whole(market: Market, store: RequestContext) -> None:
    with pytest.raises(InvalidInput, match="lacks the columns"):
        import_history(["a,b,c", "1,2,3"], lambda _done, _total: None)


def test_real_history_adds_up_to_an_independent_sum(market: Market, store: RequestContext) -> None:
    path = Path(os.environ.get("ORION_TEST_DATA", "")) / "online-retail-transactions.csv"
    if not path.is_file():
        pytest.skip("ORION_TEST_DATA names no folder with online-retail-transactions.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    total = sum(int(row["Quantity"]) * Decimal(row["UnitPrice"]) * 100 for row in rows)
    with path.open(encoding="utf-8-sig", newline="") as file:
        report = import_history(file, lambda _done, _total: None)
    assert report.lines == len(rows) == report.sold + report.credited + len(report.refused)
    assert report.sold_minor - report.credited_minor + report.refused_minor == total
    with unit_of_work() as session:
        assert session.scalar(select(func.sum(Order.total_minor))) == report.sold_minor
        assert session.scalar(select(func.sum(OrderCredit.amount_minor))) == report.credited_minor
        assert session.scalar(select(func.count()).select_from(OrderItem)) == report.sold
    with path.open(encoding="utf-8-sig", newline="") as file:
        again = import_history(file, lambda _done, _total: None)
    assert (again.orders, again.credited, again.refused) == (0, 0, report.refused)
