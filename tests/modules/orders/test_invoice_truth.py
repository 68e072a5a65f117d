"""Documents say what is so: what is still to be paid, where goods go, who bought; and the proof misses no change."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text

from orion_core.context import NOWHERE, RequestContext, StoreRef, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.testing import Market, Outbox, Worker
from orion_orders.models import Invoice, InvoiceSeries
from orion_orders.schemas import PaymentInput
from orion_orders.services.invoices import issue_due
from orion_orders.services.orders import get_order
from orion_orders.services.payments import record_payment
from orion_orders.services.people import erase_person
from orion_orders.services.register import prove_all, prove_series
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
    page = market.client("manager").get(f"/stores/{store.store.code}/invoices")
    assert (page.status_code, "Party name" in page.text) == (200, True)


def sibling(store: RequestContext) -> RequestContext:
    """Return the context of another store of the same merchant."""
    others = text("SELECT id, code, name FROM tenancy.stores WHERE merchant_id = :merchant AND id <> :store LIMIT 1")
    with platform_scope("look for a store in a test") as session:
        row = session.execute(others, {"merchant": store.merchant_id, "store": store.store_id}).one()
    assert store.tenant is not None
    return replace(store, tenant=replace(store.tenant, store=StoreRef(id=row[0], code=row[1], name=row[2])))
