"""The proof finds whatever writes past the ledger, tells of it once, and repairs nothing."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.ids import new_id
from orion_core.models.records import AuditEntry
from orion_core.testing import Market, Outbox, Worker
from orion_inventory import tasks
from orion_inventory.commands import app
from orion_inventory.models import LedgerMismatch, Reservation
from orion_inventory.services import demand as stock
from orion_inventory.services.proof import find_differences
from tests.modules.inventory.shelves import add_variant, counters, soon

FORGED = {
    "UPDATE inventory.inventory SET on_hand = on_hand + 1": {("on_hand", 6, 5)},
    "UPDATE inventory.inventory SET reserved = 1": {("reserved", 1, 2), ("allocations", 1, 2)},
    "UPDATE inventory.inventory SET unavailable = 4": {("unavailable", 4, 0)},
    "UPDATE inventory.inventory SET entries = 9": {("entries", 9, 2)},
    "UPDATE inventory.allocations SET quantity = 3": {("allocations", 2, 3)},
}


@pytest.fixture
def forge(store: RequestContext) -> Callable[[str], None]:
    """Five pieces, two of them promised; and somebody who writes past the ledger."""
    variant = add_variant(pieces={"main": 5})
    with unit_of_work() as session:
        stock.allocate(session, new_id(), None, {variant: 2})

    def run(statement: str) -> None:
        with unit_of_work() as session:
            session.connection().exec_driver_sql(statement)

    return run


@pytest.mark.parametrize("statement", FORGED)
def test_a_forged_number_is_found(forge: Callable[[str], None], statement: str) -> None:
    forge(statement)
    with unit_of_work() as session:
        assert {each[2:] for each in find_differences(session)} == FORGED[statement]


def test_a_mismatch_is_told_once_shown_and_closed_when_it_is_right_again(
    market: Market, store: RequestContext, forge: Callable[[str], None], outbox: Outbox, worker: Worker
) -> None:
    forge("UPDATE inventory.inventory SET on_hand = 6")
    for _ in range(2):
        with use_context(RequestContext()):
            worker.run(tasks.prove_ledger)
    assert [event["counter"] for event in outbox.published("inventory.ledger_mismatch.v1")] == ["on_hand"]
    with platform_scope("look at the trail") as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "inventory.find_mismatch")).all()
        assert [(entry.changes["counted"], entry.changes["proven"]) for entry in entries] == [(6, 5)]
    base = f"/stores/{store.store.code}/inventory"
    assert "One counter differs" in market.client("viewer").get(base).text
    assert "On hand" in market.client("viewer").get(f"{base}/proof").text
    assert str(store.store.id) in market.client("admin").get("/admin/inventory").text
    assert market.client("manager").get("/admin/inventory").status_code in {401, 403}
    (shown,) = market.client("admin").get("/api/v1/admin/inventory/mismatches").json()
    assert (shown["store_id"], shown["counted"], shown["proven"]) == (str(store.store.id), 6, 5)
    theirs = f"/api/v1/stores/{market.other.store.code}/inventory/mismatches"
    assert market.client("other_owner").get(theirs).json() == []
    forge("UPDATE inventory.inventory SET on_hand = 5")
    with use_context(RequestContext()):
        worker.run(tasks.prove_ledger)
    with unit_of_work() as session:
        assert [row.resolved_at is None for row in session.scalars(select(LedgerMismatch))] == [False]


def test_the_command_ends_with_one_if_a_counter_is_wrong(
    market: Market, store: RequestContext, forge: Callable[[str], None]
) -> None:
    code, runner = store.store.code, CliRunner()
    with use_context(RequestContext()):
        well = runner.invoke(app, ["verify", "--store", code])
    assert (well.exit_code, well.stdout.splitlines()[-1]) == (0, "1 places, 2 ledger rows: no differences.")
    forge("UPDATE inventory.inventory SET on_hand = 6")
    with use_context(RequestContext()):
        ill = runner.invoke(app, ["verify", "--json"])
        elsewhere = runner.invoke(app, ["verify", "--store", market.other.store.code])
    assert (ill.exit_code, elsewhere.exit_code) == (1, 0)
    (difference,) = json.loads(ill.stdout.splitlines()[-1])["differences"]
    assert (difference["counter"], difference["counted"], difference["proven"]) == ("on_hand", "6", "5")


def test_ended_holds_of_all_stores_are_swept_and_running_ones_stay(
    market: Market, store: RequestContext, worker: Worker
) -> None:
    running = new_id()
    for context in (market.mine, market.other):
        with use_context(context):
            variant = add_variant(pieces={"main": 5})
            with unit_of_work() as session:
                stock.hold(session, new_id(), {variant: 1}, soon(-1))
                stock.hold(session, running, {variant: 1}, soon())
    with use_context(RequestContext()):
        worker.run(tasks.sweep_reservations)
    with platform_scope("look what was swept") as session:
        assert session.scalars(select(Reservation.cart_id)).all() == [running, running]
    assert counters(variant) == {}
