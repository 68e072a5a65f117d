"""Past sales come in with every line accounted for, to the cent; a second time nothing changes."""

import csv
import json
import os
import tracemalloc
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.errors import InvalidInput
from orion_core.testing import Market, Outbox
from orion_orders.commands import app
from orion_orders.models import Order, OrderCredit, OrderItem
from orion_orders.schemas import PaymentInput
from orion_orders.services.history import HistoryReport, import_history
from orion_orders.services.payments import record_payment
from orion_orders.services.standing import refresh_standing
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
C4,POST,POSTAGE,-1,2010-12-04 08:00:00,3.00,77.0,United Kingdom
C5,MUG,Mug,-1,2010-12-05 08:00:00,2.50,,EIRE
6,MUG,damaged,-5,2010-12-06 08:00:00,0,,United Kingdom
7,MUG,Mug,two,2010-12-07 08:00:00,2.50,77.0,United Kingdom
8,FREE,Sample,1,2010-12-08 08:00:00,0,78.0,Atlantis
""".strip().splitlines()


def run(lines: Iterable[str], *, dry_run: bool = False) -> HistoryReport:
    return import_history([HEADER, *lines], lambda _done, _total: None, dry_run=dry_run)


def order_of(invoice: str) -> Order:
    with unit_of_work() as session:
        return session.scalars(select(Order).where(Order.external_id == invoice)).one()


def assert_nothing_is_wrong() -> None:
    with unit_of_work() as session:
        # Its pieces were never put into parcels here.
        assert [rule for rule in wrong(session) if "parcel" not in rule] == []
        for order in session.scalars(select(Order)):
            before = (order.payment_status, order.fulfilment_status)
            refresh_standing(session, order)
            assert (order.payment_status, order.fulfilment_status) == before, order.number


def test_every_line_is_accounted_for(market: Market, store: RequestContext, outbox: Outbox) -> None:
    report = run(LINES)
    assert (report.lines, report.orders, report.sold, report.credited) == (11, 3, 5, 2)
    assert (report.unmatched, report.unchanged) == (2, 0)
    assert [(each.number, each.reason) for each in report.refused] == [
        (10, "it takes pieces back without being a cancellation"),
        (11, "quantity, price or date cannot be read"),
    ]
    assert (report.sold_minor, report.credited_minor) == (2_050, 1_050)
    assert (report.unmatched_minor, report.refused_minor) == (750, 0)
    assert_nothing_is_wrong()
    assert outbox.published("orders.order_placed.v1") == []


def test_cancellation_is_taken_off_the_sale_it_fits(market: Market, store: RequestContext) -> None:
    run(LINES)
    order = order_of("1")
    assert (order.status, order.goods_minor, order.shipping_minor) == ("completed", 1_000, 300)
    assert (order.payment_status, order.fulfilment_status) == ("partially_refunded", "partially_returned")
    assert (order.credited_minor, order.refunded_minor, order.due_minor) == (1_050, 1_050, 0)
    assert order.shipping_address
    assert order.shipping_address["country"] == "GB"
    with unit_of_work() as session:
        rows = session.scalars(select(OrderCredit).where(OrderCredit.order_id == order.id).order_by(OrderCredit.at))
        found = [(each.kind, each.pieces, each.amount_minor, f"{each.at:%m-%d}") for each in rows]
    assert found == [("returned", 3, 750, "12-03"), ("cancelled", 1, 300, "12-04")]


def test_cancellation_without_a_sale_is_kept_as_a_cancelled_order(market: Market, store: RequestContext) -> None:
    run(LINES)
    kept = order_of("C4")
    assert (kept.number, kept.status, kept.note) == ("HC4", "cancelled", "Customer 77")
    assert (kept.total_minor, kept.credited_minor, kept.paid_minor, kept.due_minor) == (500, 500, 0, 0)
    with unit_of_work() as session:
        items = session.scalars(select(OrderItem).where(OrderItem.order_id == kept.id)).all()
    assert [(item.sku, item.quantity, item.cancelled, item.shipped) for item in items] == [("MUG", 2, 2, 0)]
    assert order_of("C5").note == ""


def test_cancellation_before_its_sale_of_another_price_or_of_too_many_pieces_fits_none(
    market: Market, store: RequestContext
) -> None:
    report = run(
        [
            "C1,MUG,Mug,-1,2010-12-01 08:00:00,2.50,77,France",
            "2,MUG,Mug,2,2010-12-02 08:00:00,2.50,77,France",
            "C3,MUG,Mug,-3,2010-12-03 08:00:00,2.50,77,France",
            "C4,MUG,Mug,-1,2010-12-03 08:00:00,2.49,77,France",
            "C5,MUG,Mug,-1,2010-12-03 08:00:00,2.50,78,France",
        ]
    )
    assert (report.credited, report.unmatched) == (0, 4)
    assert_nothing_is_wrong()


def test_money_given_back_by_hand_is_not_given_back_again(market: Market, store: RequestContext) -> None:
    run(LINES[:2])
    with unit_of_work() as session:
        order = session.scalars(select(Order)).one()
        record_payment(session, order, PaymentInput(kind="refund", amount_minor=1_000))
    run(LINES[:5])
    order = order_of("1")
    assert (order.credited_minor, order.refunded_minor, order.paid_minor) == (750, 1_300, 1_300)
    assert_nothing_is_wrong()


def test_lines_of_an_invoice_may_stand_anywhere_in_the_file(market: Market, store: RequestContext) -> None:
    assert run([LINES[4], LINES[0], *LINES[2:4], LINES[1]]).credited == 1
    assert (order_of("1").total_minor, order_of("2").total_minor) == (1_300, 750)


def test_what_cannot_be_kept_is_refused_with_its_reason(market: Market, store: RequestContext) -> None:
    lines = [
        "1,MUG,Mug,1,1/12/10,2.50,77,France",
        "1,MUG,Mug,1,2010-12-01,-2.50,77,France",
        "1,MUG,Mug,1,2010-12-01,2.505,77,France",
        "1,MUG,Mug,1,2010-12-01,NaN,77,France",
        "1,MUG,Mug,1,2010-12-01,9e999999,77,France",
        "1,MUG,Mug,0,2010-12-01,2.50,77,France",
        "1,MUG,Mug,1,0001-01-01T00:00:00+12:00,2.50,77,France",
        "1,MUG,M\0g,1,2010-12-01,2.50,77,France",
        ",MUG,Mug,1,2010-12-01,2.50,77,France",
        "C1,MUG,Mug,1,2010-12-01,2.50,77,France",
        "2,MUG,Mug,1,2010-12-01,20000000,77,France",
        "2,MUG,Mug,1,2010-12-01,20000000,77,France",
        "3,MUG",
    ]
    refused = run(lines).refused
    assert [(each.number, each.reason) for each in refused] == [
        (2, "quantity, price or date cannot be read"),
        (3, "quantity or price is out of range"),
        (4, "the price is finer than the smallest unit of the currency"),
        (5, "quantity, price or date cannot be read"),
        (6, "quantity, price or date cannot be read"),
        (7, "quantity or price is out of range"),
        (8, "the date is out of range"),
        (9, "it holds a character that no text has"),
        (10, "invoice or article number is missing"),
        (11, "it cancels nothing"),
        (12, "the document's sum is out of range"),
        (13, "the document's sum is out of range"),
        (14, "quantity, price or date cannot be read"),
    ]


def test_dry_run_says_the_same_and_keeps_nothing(market: Market, store: RequestContext, tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_text("\n".join([HEADER, *LINES]))
    said = []
    for options in (["--dry-run"], []):
        with use_context(RequestContext()):
            command = ["import-history", str(path), "--store", store.store.code, "--json", *options]
            answer = json.loads(CliRunner().invoke(app, command, catch_exceptions=False).stdout.splitlines()[-1])
        assert answer.pop("dry_run") == bool(options)
        said.append(answer)
        with unit_of_work() as session:
            assert session.scalar(select(func.count()).select_from(Order)) == (0 if options else 5)
    assert said[0] == said[1]


def test_past_orders_stand_below_newer_ones_in_lists(market: Market, store: RequestContext) -> None:
    newer = placed(market)
    run(LINES)
    page = market.client("manager").get(f"/api/v1/stores/{store.store.code}/orders").json()
    assert [order["number"] for order in page["items"]][1:] == ["H8", "HC5", "HC4", "H2", "H1"]
    assert page["items"][0]["id"] == str(newer)


def test_second_time_nothing_changes(market: Market, store: RequestContext) -> None:
    run(LINES)
    again = run(LINES)
    assert (again.orders, again.sold, again.credited, again.unmatched) == (0, 0, 0, 0)
    assert (again.unchanged, len(again.refused)) == (9, 2)
    more = run([*LINES, "9,CUP,Cup,1,2010-12-09 08:00:00,1.00,77.0,France"])
    assert (more.orders, more.sold_minor, more.unchanged) == (1, 100, 9)


def test_document_that_is_there_with_other_lines_is_refused(market: Market, store: RequestContext) -> None:
    run(LINES)
    changed = [LINES[0], *LINES[1:5], LINES[5].replace("-2", "-1"), LINES[6], LINES[2].replace("Mug,1", "Mug,9")]
    report = run(changed)
    assert [(each.number, each.reason) for each in report.refused] == [
        (number, "its document was taken over before, with other lines") for number in (4, 5, 7, 9)
    ]
    assert (report.unchanged, order_of("2").total_minor, order_of("C4").total_minor) == (4, 750, 500)


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
    assert report.lines == len(rows) == report.sold + report.credited + report.unmatched + len(report.refused)
    assert report.sold_minor - report.credited_minor - report.unmatched_minor + report.refused_minor == total
    assert report.credited + report.unmatched == sum(row["InvoiceNo"].startswith("C") for row in rows)
    with unit_of_work() as session:
        assert session.scalar(select(func.sum(Order.paid_minor))) == report.sold_minor
        assert session.scalar(select(func.sum(Order.refunded_minor))) == report.credited_minor
        owed = session.scalar(select(func.sum(OrderCredit.amount_minor)))
        assert owed == report.credited_minor + report.unmatched_minor
        assert session.scalar(select(func.count()).select_from(OrderItem)) == report.sold + report.unmatched
        assert [rule for rule in wrong(session) if "parcel" not in rule] == []
    with path.open(encoding="utf-8-sig", newline="") as file:
        again = import_history(file, lambda _done, _total: None)
    assert (again.orders, again.credited, again.unmatched, again.refused) == (0, 0, 0, report.refused)
    assert again.unchanged == len(rows) - len(report.refused)


def many(lines: int) -> Iterator[str]:
    """Yield invoices of five lines, the last of every tenth one taken back."""
    yield HEADER
    for number in range(lines):
        sign, invoice = ("-", f"C{number}") if number % 50 == 49 else ("", str(number // 5))
        sku, customer = number // 50, number % 3
        yield f"{invoice},SKU{sku},{'Mug ' * 20},{sign}1,2010-12-01 08:00:00,2.50,{customer},France"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(
    market: Market, store: RequestContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orion_orders.services.history.BATCH", 20)
    peaks = []
    for lines in (100, 1_000, 4_000):
        tracemalloc.start()
        report = import_history(many(lines), lambda _done, _total: None, dry_run=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.sold + report.credited + report.unmatched == lines
    assert peaks[2] < peaks[1] * 1.2
