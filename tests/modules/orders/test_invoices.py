"""Confirmed orders get an invoice, credits a credit note; numbers have no gap, and the chain shows every change."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import NullPool, create_engine, select, text

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.files import read_file
from orion_core.models.mail import MailMessage
from orion_core.services.settings import change_setting
from orion_core.testing import Market, Outbox, Worker
from orion_orders.config import OrdersConfig
from orion_orders.documents.rules import validate
from orion_orders.exceptions import InvoiceExceeded
from orion_orders.models import Invoice, InvoiceSeries, Order, OrderCredit
from orion_orders.services.cancelling import cancel_pieces
from orion_orders.services.fulfilments import plannable
from orion_orders.services.invoices import issue_due, list_documents
from orion_orders.services.issuing import issue_or_wait
from orion_orders.services.orders import get_order, items_of
from orion_orders.services.people import erase_person
from orion_orders.services.register import list_waiting, problems_of, prove_all, waiting_ids
from orion_orders.tasks import issue_waiting
from tests.modules.inventory.shelves import add_variant
from tests.modules.orders.billing import complete_seller, documents
from tests.modules.orders.checkouts import add_delivery, add_promotion
from tests.modules.orders.lives import begin
from tests.modules.orders.team import desk

PRICES = (("A-1", 1_250), ("A-2", 333), ("A-3", 9_999))


def drawn(store: RequestContext, count: int, seed: int) -> list[UUID]:
    """Place orders drawn by chance, half of them with a discount."""
    chance = Random(seed)
    with use_context(store):
        variants = [add_variant(sku, {"main": 900}, price_minor=price) for sku, price in PRICES]
        method = add_delivery()
        add_promotion(value=1_333)
        return [
            begin(store, variants, method, chance, "MOIEN" if number % 2 else "").order_id for number in range(count)
        ]


def test_order_gets_one_invoice_and_one_mail_with_it(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team = desk(market)
    outbox.deliver()
    with unit_of_work() as session:
        assert issue_or_wait(session, team.order_id) == []
        (invoice,) = list_documents(session, get_order(session, team.order_id))
        mail = session.scalars(select(MailMessage).where(MailMessage.template == "orders/mail/invoice.html")).one()
        assert mail.attachments == [str(invoice.pdf_id)]
        assert read_file(session, invoice.pdf_id).content.startswith(b"%PDF")
    assert (invoice.kind, invoice.total_minor, invoice.sequence) == ("invoice", 5_590, 1)
    assert invoice.net_minor + invoice.tax_minor + invoice.rounding_minor == 5_590
    assert invoice.number.endswith("-000001")


def test_credit_note_holds_exactly_what_was_credited(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team = desk(market)
    team.ship(1)
    outbox.deliver()
    team.post("/returns", kind="withdrawal", pieces={team.item_id: 3})
    outbox.deliver()
    invoice, note = documents(team.order_id)
    with unit_of_work() as session:
        issuing = MailMessage.template == "orders/mail/invoice.html"
        mails = session.scalars(select(MailMessage).where(issuing).order_by(MailMessage.id)).all()
        assert [mail.attachments for mail in mails] == [[str(invoice.pdf_id)], [str(note.pdf_id)]]
    assert (note.kind, note.total_minor, note.corrects_id) == ("credit_note", 3_750, invoice.id)
    assert note.document["corrects"]["number"] == invoice.number
    assert [(line["quantity"], line["total_minor"]) for line in note.document["lines"]] == [(3, 3_750)]


def test_invoice_leaves_out_what_was_cancelled_before(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team = desk(market)
    team.post("/returns", kind="withdrawal", pieces={team.item_id: 3})
    outbox.deliver()
    (invoice,) = documents(team.order_id)
    assert (invoice.total_minor, [line["quantity"] for line in invoice.document["lines"]]) == (1_840, [1, 1])


def test_order_that_ended_before_it_was_invoiced_gets_none(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store)
    team = desk(market)
    team.post("/cancel", reason="staff")
    outbox.deliver()
    assert documents(team.order_id) == []


def test_store_may_invoice_with_the_first_parcel(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store, invoice_on="shipment")
    team = desk(market)
    outbox.deliver()
    assert documents(team.order_id) == []
    with unit_of_work() as session:
        assert waiting_ids(session) == []
    team.ship(1)
    with unit_of_work() as session:
        assert waiting_ids(session) == [team.order_id]
    outbox.deliver()
    assert [invoice.total_minor for invoice in documents(team.order_id)] == [5_590]


def test_lines_added_later_get_an_invoice_of_their_own(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team, bowl = desk(market), add_variant("B-1", {"main": 5}, price_minor=900)
    outbox.deliver()
    change = team.post("/changes", add=[{"variant_id": str(bowl), "quantity": 2}]).json()
    for target in ("requested", "confirmed"):
        team.client.post(f"{team.store}/changes/{change['id']}/steps", json={"target": target})
    outbox.deliver()
    assert [(each.kind, each.total_minor) for each in documents(team.order_id)] == [
        ("invoice", 5_590),
        ("invoice", 1_800),
    ]


def test_incomplete_seller_sells_and_the_invoice_waits(market: Market, store: RequestContext, outbox: Outbox) -> None:
    team = desk(market)
    outbox.deliver()
    assert documents(team.order_id) == []
    with unit_of_work() as session:
        (waiting,), _ = list_waiting(session, 10)
        assert "the seller's street is missing" in problems_of(session, [waiting])[team.order_id]
        assert session.scalars(select(InvoiceSeries)).all() == []
    complete_seller(store)
    with unit_of_work() as session:
        assert [each.sequence for each in issue_or_wait(session, team.order_id)] == [1]
    with unit_of_work() as session:
        assert list_waiting(session, 10) == ([], None)


def test_whatever_is_credited_invoices_less_credit_notes_are_what_is_owed(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store)
    chance = Random(11)
    for order_id in drawn(store, 12, seed=7):
        with unit_of_work() as session:
            issue_due(session, get_order(session, order_id))
        for _ in range(4):
            with unit_of_work() as session:
                order = get_order(session, order_id)
                left = plannable(session, order)
                if order.status == "confirmed" and left:
                    cancel_pieces(session, order, {item: chance.randint(0, pieces) for item, pieces in left.items()})
                issue_due(session, order)
        with unit_of_work() as session:
            order = get_order(session, order_id)
            if order.status == "confirmed":
                cancel_pieces(session, order, plannable(session, order))
            issue_due(session, order)
            found = list_documents(session, order)
            signed = [each.total_minor * (1 if each.kind == "invoice" else -1) for each in found]
            assert (sum(signed), order.credited_minor) == (0, order.total_minor)
            assert len(found) > 1


def test_numbers_have_no_gap_whatever_is_rolled_back_beside_them(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    orders = drawn(store, 24, seed=3)

    def issue(number: int) -> None:
        with use_context(store), suppress(ZeroDivisionError), unit_of_work() as session:
            issue_due(session, get_order(session, orders[number % len(orders)]))
            if number % 3 == 0 and number < len(orders):
                raise ZeroDivisionError

    with ThreadPoolExecutor(20) as pool:
        for done in [pool.submit(copy_context().run, issue, number) for number in range(48)]:
            done.result()
    assert [each.sequence for each in documents()] == list(range(1, 25))
    assert len({each.order_id for each in documents()}) == 24
    with platform_scope("prove invoices in a test") as session:
        assert list(prove_all(session).values()) == [[]]


def changed(market: Market, statement: str) -> list[str]:
    """Change something behind the application's back and return what the proof finds."""
    engine = create_engine(market.stage.urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))
    with platform_scope("prove invoices in a test") as session:
        return [finding for findings in prove_all(session).values() for finding in findings]


CHANGES = {
    "UPDATE orders.invoices SET document = jsonb_set(document, '{buyer,name}', '\"Max\"') WHERE sequence = 2": (
        "the document or one of its files was changed"
    ),
    """UPDATE core.file SET content = set_byte(content, 900, 255 - get_byte(content, 900))
       WHERE id = (SELECT pdf_id FROM orders.invoices WHERE sequence = 2)""": (
        "the document or one of its files was changed"
    ),
    "UPDATE orders.invoices SET net_minor = net_minor + 1, tax_minor = tax_minor - 1": "its net sum is not",
    """UPDATE orders.order_items SET invoice_id = NULL;
       DELETE FROM orders.invoices WHERE sequence = 2""": "-000002 is missing before",
    "UPDATE orders.invoice_series SET next_number = 9": "the next number would be 9",
}


@pytest.mark.parametrize(("statement", "finding"), CHANGES.items(), ids=range(len(CHANGES)))
def test_proof_finds_what_was_changed(market: Market, store: RequestContext, statement: str, finding: str) -> None:
    complete_seller(store)
    for order_id in drawn(store, 3, seed=5):
        with unit_of_work() as session:
            issue_due(session, get_order(session, order_id))
    assert changed(market, "SELECT 1") == []
    assert any(finding in each for each in changed(market, statement))


def test_application_cannot_change_what_was_issued(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    (order_id,) = drawn(store, 1, seed=5)
    with unit_of_work() as session:
        issue_due(session, get_order(session, order_id))
    for statement in ("UPDATE orders.invoices SET number = 'X'", "DELETE FROM orders.invoices"):
        with pytest.raises(Exception, match="permission denied"), unit_of_work() as session:
            session.execute(text(statement))


def test_merchants_count_on_their_own_and_stores_see_their_own_documents(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    complete_seller(market.other)
    numbers = {}
    for where in (market.mine, market.other):
        (order_id,) = drawn(where, 1, seed=5)
        with use_context(where), unit_of_work() as session:
            issue_due(session, get_order(session, order_id))
            numbers[where.store.code] = [each.sequence for each in session.scalars(select(Invoice))]
    assert list(numbers.values()) == [[1], [1]]


def test_erasing_a_person_leaves_invoices_as_they_were_issued(
    market: Market, store: RequestContext, outbox: Outbox
) -> None:
    complete_seller(store)
    team = desk(market)
    outbox.deliver()
    before = documents(team.order_id)[0].document
    with unit_of_work() as session:
        erase_person(session, None, "lena@example.com")
    with unit_of_work() as session:
        assert session.scalars(select(Order.email)).one() is None
    assert documents(team.order_id)[0].document == before
    with platform_scope("prove invoices in a test") as session:
        assert list(prove_all(session).values()) == [[]]


def test_imported_order_gets_no_invoice(market: Market, store: RequestContext, outbox: Outbox) -> None:
    complete_seller(store)
    team = desk(market)
    with unit_of_work() as session:
        get_order(session, team.order_id).channel = "import"
    outbox.deliver()
    with unit_of_work() as session:
        assert (issue_or_wait(session, team.order_id), waiting_ids(session)) == ([], [])
    assert documents(team.order_id) == []


def test_credit_note_never_exceeds_its_invoice_and_holds_up_nobody_else(
    market: Market, store: RequestContext, worker: Worker
) -> None:
    complete_seller(store)
    order_id, other = drawn(store, 2, seed=5)
    with unit_of_work() as session:
        (invoice,) = issue_due(session, get_order(session, order_id))
        # Each is right by itself; no service writes them twice, but the issuer does not rely on it.
        session.add_all(
            OrderCredit(
                order_id=order_id, item_id=item.id, kind="lost", pieces=item.quantity, amount_minor=item.total_minor
            )
            for item in items_of(session, get_order(session, order_id))
            for _ in range(2)
        )
    with pytest.raises(InvoiceExceeded) as refused, unit_of_work() as session:
        issue_due(session, get_order(session, order_id))
    assert (refused.value.fields["number"], refused.value.fields["left_minor"]) == (invoice.number, invoice.total_minor)
    worker.run(issue_waiting)
    assert [[each.kind for each in documents(order)] for order in (order_id, other)] == [["invoice"], ["invoice"]]
    with unit_of_work() as session:
        (waiting,), _ = list_waiting(session, 10)
        assert problems_of(session, [waiting]) == {order_id: ["That is more than was invoiced"]}


@pytest.mark.slow
def test_what_is_issued_obeys_the_official_rules(market: Market, store: RequestContext) -> None:
    complete_seller(store)
    for order_id in drawn(store, 30, seed=9):
        with unit_of_work() as session:
            order = get_order(session, order_id)
            issue_due(session, order)
            cancel_pieces(session, order, dict.fromkeys(list(plannable(session, order))[:1], 1))
            issue_due(session, order)
    with unit_of_work() as session:
        files = [(each.ubl_id, each.cii_id) for each in session.scalars(select(Invoice))]
        contents = [read_file(session, file_id).content for pair in files for file_id in pair]
    assert len(contents) == 120
    assert [problem for found in validate(contents) for problem in found] == []


def test_settings_of_numbers_are_checked(market: Market, store: RequestContext) -> None:
    with unit_of_work() as session, pytest.raises(Exception, match="invoice_prefix"):
        change_setting(session, OrdersConfig, "invoice_prefix", "a/b", "store")
