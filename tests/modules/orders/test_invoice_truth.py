"""Documents say what is so: what is still to be paid, where goods go, who bought; and the proof misses no change."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select, text

from orion_core.context import NOWHERE, RequestContext, StoreRef, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.files import read_file
from orion_core.testing import Market, Outbox, Worker
from orion_orders.models import Fulfilment, Invoice, InvoiceSeries
from orion_orders.schemas import PaymentInput
from orion_orders.services.invoices import issue_due
from orion_orders.services.orders import get_order
from orion_orders.services.payments import record_payment
from orion_orders.services.people import erase_person
from orion_orders.services.register import prove_all, prove_series
from orion_orders.services.transitions import move_order
from orion_orders.tasks import issue_waiting
from tests.modules.inventory.shelves import add_variant
from tests.modules.orders.billing import complete_seller, documents
from tests.modules.orders.checkouts import ADDRESS
from tests.modules.orders.team import desk
from tests.modules.orders.test_invoices import changed, drawn

ORDERS = 12


def issued(where: RequestContext) -> None:
    """Issue the first invoice of a store."""
    complete_seller(where)
    (order_id,) = drawn(where, 1, seed=5)
    with use_context(where), unit_of_work() as session:
        issue_due(session, get_order(session, order_id))


def test_payment_stands_on_one_invoice_only(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team, bowl = desk(market), add_variant("B-1", {"main": 5}, price_minor=900)
    with unit_of_work() as session:
        record_payment(session, get_order(session, team.order_id), PaymentInput(amount_minor=5_590))
    outbox.deliver()
    change = team.post("/changes", add=[{"variant_id": str(bowl), "quantity": 2}]).json()
    for target in ("requested", "confirmed"):
        team.client.post(f"{team.store}/changes/{change['id']}/steps", json={"target": target})
    outbox.deliver()
    assert [each.document["paid_minor"] for each in documents(team.order_id)] == [5_590, 0]
    with unit_of_work() as session:
        assert get_order(session, team.order_id).due_minor == 1_800


def test_invoice_says_where_the_goods_go(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team = desk(market)
    with unit_of_work() as session:
        get_order(session, team.order_id).billing_address = {**ADDRESS, "city": "Trier", "country": "DE"}
    outbox.deliver()
    (invoice,) = documents(team.order_id)
    assert (invoice.document["buyer"]["city"], invoice.document["delivery"]["city"]) == ("Trier", "Luxembourg")


def test_credit_note_names_the_invoices_buyer_also_once_erased(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store)
    team = desk(market)
    outbox.deliver()
    with unit_of_work() as session:
        erase_person(session, None, "lena@example.com")
    team.post("/cancel", reason="staff")
    outbox.deliver()
    invoice, note = documents(team.order_id)
    assert note.document["buyer"] == invoice.document["buyer"]
    assert note.document["buyer"]["name"] == "Lena Weber"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders.invoices SET document = jsonb_set(document, '{buyer,name}', '\"Lena Weber \"')",
        "UPDATE orders.invoices SET document = jsonb_set(document, '{lines,0,total_minor}', '-1')",
        "UPDATE orders.invoices SET document = document - 'due_date'",
        "UPDATE orders.invoices SET currency = 'USD'",
        "DELETE FROM core.file WHERE id = (SELECT pdf_id FROM orders.invoices)",
    ],
    ids=("a space", "no document any more", "less", "a column", "no file"),
)
def test_proof_names_changes_that_are_hard_to_see(market: Market, store: RequestContext, statement: str) -> None:
    issued(store)
    assert changed(market, "SELECT 1") == []
    assert changed(market, statement) != []


def test_proof_does_not_mind_what_is_issued_meanwhile(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    first, second = drawn(store, 2, seed=5)
    with unit_of_work() as session:
        issue_due(session, get_order(session, first))
    with use_context(NOWHERE), platform_scope("prove invoices in a test") as session:
        series = session.scalars(select(InvoiceSeries)).one()
        with use_context(store), unit_of_work() as other:
            issue_due(other, get_order(other, second))
        assert prove_series(session, series) == []


def test_no_store_takes_a_number_of_another_merchant(market: Market, store: RequestContext) -> None:
    issued(store)
    issued(market.other)
    foreign = market.other.merchant_id
    with platform_scope("look for a series in a test") as session:
        series = session.scalars(select(InvoiceSeries.id).where(InvoiceSeries.merchant_id == foreign)).one()
    same = """order_id, kind, issued_on, document, currency, net_minor, tax_minor, rounding_minor, total_minor,
        corrects_id, previous_hash, hash, pdf_id, cii_id, ubl_id"""
    theft = text(f"""
        INSERT INTO orders.invoices (store_id, id, merchant_id, series_id, sequence, number, {same})
        SELECT store_id, gen_random_uuid(), :merchant, :series, 2, 'X', {same} FROM orders.invoices
    """)
    with pytest.raises(Exception, match="row-level security"), unit_of_work() as session:
        session.execute(theft, {"merchant": foreign, "series": series})


def test_two_stores_of_a_merchant_share_numbers_without_a_gap(market: Market, store: RequestContext) -> None:
    stores = (store, sibling(store))
    jobs: list[tuple[RequestContext, UUID]] = []
    for where in stores:
        complete_seller(where)
        jobs += [(where, order_id) for order_id in drawn(where, ORDERS, seed=3)]

    def issue(number: int) -> None:
        where, order_id = jobs[number % len(jobs)]
        with use_context(where), suppress(ZeroDivisionError), unit_of_work() as session:
            issue_due(session, get_order(session, order_id))
            if number % 3 == 0 and number < len(jobs):
                raise ZeroDivisionError

    with ThreadPoolExecutor(20) as pool:
        for done in [pool.submit(copy_context().run, issue, number) for number in range(2 * len(jobs))]:
            done.result()
    with platform_scope("prove invoices in a test") as session:
        found = session.scalars(select(Invoice).order_by(Invoice.sequence)).all()
        assert [each.sequence for each in found] == list(range(1, 2 * ORDERS + 1))
        assert {each.store_id for each in found} == {where.store_id for where in stores}
        assert list(prove_all(session).values()) == [[]]


def test_unprintable_buyer_waits_and_stops_nobody_else(market: Market, store: RequestContext, worker: Worker) -> None:
    complete_seller(store)
    first, second = drawn(store, 2, seed=5)
    with unit_of_work() as session:
        # A shop takes this name: one sign, and it is no blank.
        get_order(session, first).billing_address = {**ADDRESS, "name": "\x01"}
    worker.run(issue_waiting)
    assert (documents(first), len(documents(second))) == ([], 1)
    register = f"/stores/{store.store.code}/invoices"
    page = market.client("manager").get(register, headers={"Accept-Language": "lb"})
    assert (page.status_code, "den Numm vum Keefer ass net dréckbar" in unescape(page.text)) == (200, True)


def test_proof_notices_a_document_that_was_given_to_another_order(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    first, second = drawn(store, 2, seed=5)
    with unit_of_work() as session:
        issue_due(session, get_order(session, first))
    (invoice,) = documents()
    found = changed(market, f"UPDATE orders.invoices SET order_id = '{second}'")
    assert found == [f"{invoice.number}: the document or one of its files was changed"]


def test_proof_notices_a_credit_note_that_corrects_another_invoice(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    first, second = drawn(store, 2, seed=5)
    for order_id in (first, second):
        with unit_of_work() as session:
            issue_due(session, get_order(session, order_id))
    with unit_of_work() as session:
        order = get_order(session, first)
        move_order(session, order, "cancelled", "other")
        (note,) = issue_due(session, order)
    (other,) = documents(second)
    found = changed(market, f"UPDATE orders.invoices SET corrects_id = '{other.id}' WHERE kind = 'credit_note'")
    assert found == [f"{note.number}: the document or one of its files was changed"]


def test_document_does_not_keep_the_buyers_address_of_mail(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store)
    team = desk(market)
    outbox.deliver()
    (invoice,) = documents(team.order_id)
    with unit_of_work() as session:
        files = [read_file(session, file_id).content for file_id in (invoice.ubl_id, invoice.cii_id)]
    assert "lena@example.com" not in str(invoice.document)
    assert [b"lena@example.com" in file for file in files] == [False, False]


# Late in the evening of Luxembourg, that is the next day already; stores count in UTC.
LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_goods_are_supplied_on_the_day_their_parcel_leaves(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store, invoice_on="shipment")
    team = desk(market)
    team.ship(1)
    with unit_of_work() as session:
        session.scalars(select(Fulfilment)).one().shipped_at = LATE
    outbox.deliver()
    team.post("/returns", kind="withdrawal", pieces={team.item_id: 3})
    outbox.deliver()
    found = [(each.kind, each.document["supply_date"]) for each in documents(team.order_id)]
    assert found == [("invoice", "2026-03-01"), ("credit_note", "2026-03-01")]


def test_goods_that_are_invoiced_before_they_leave_count_as_supplied_when_ordered(
    market: Market, store: RequestContext
) -> None:
    complete_seller(store)
    (order_id,) = drawn(store, 1, seed=5)
    with unit_of_work() as session:
        get_order(session, order_id).placed_at = LATE
    with unit_of_work() as session:
        issue_due(session, get_order(session, order_id))
    assert [each.document["supply_date"] for each in documents(order_id)] == ["2026-03-01"]


def test_night_issues_also_what_orders_that_are_over_still_wait_for(
    market: Market, store: RequestContext, worker: Worker
) -> None:
    completed, cancelled = drawn(store, 2, seed=5)
    complete_seller(store)
    with unit_of_work() as session:
        issue_due(session, get_order(session, cancelled))
        move_order(session, get_order(session, cancelled), "cancelled", "other")
        get_order(session, completed).status = "completed"
    with use_context(NOWHERE):
        worker.run(issue_waiting)
    assert sorted(each.kind for each in documents()) == ["credit_note", "invoice", "invoice"]


def test_all_that_wait_are_listed_page_by_page_the_oldest_first(market: Market, store: RequestContext) -> None:
    orders = sorted(drawn(store, 3, seed=5))
    client, waiting = market.client("manager"), f"/stores/{store.store.code}/invoices/waiting"
    found, leads = [], "?limit=2"
    while leads:
        page = client.get(f"{waiting}{leads}")
        assert page.status_code == 200
        found.append([order_id for order_id in orders if str(order_id) in page.text])
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        leads = unescape(following[1]) if following else ""
    assert found == [orders[:2], orders[2:]]
    assert client.get(f"{waiting}?cursor=x").status_code == 422
    fixes = f'href="/stores/{store.store.code}/invoices/seller"'
    pages = [market.client(role).get(waiting).text for role in ("owner", "viewer")]
    assert [fixes in page for page in pages] == [True, False], "who may mend what is missing is led there"


def sibling(store: RequestContext) -> RequestContext:
    """Return the context of another store of the same merchant."""
    others = text("SELECT id, code, name FROM tenancy.stores WHERE merchant_id = :merchant AND id <> :store LIMIT 1")
    with platform_scope("look for a store in a test") as session:
        row = session.execute(others, {"merchant": store.merchant_id, "store": store.store_id}).one()
    assert store.tenant is not None
    return replace(store, tenant=replace(store.tenant, store=StoreRef(id=row[0], code=row[1], name=row[2])))
