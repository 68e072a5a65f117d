"""Commands prove, issue, export and validate invoices; their exit code tells a script what is so."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from orion_core.context import RequestContext, use_context
from orion_core.testing import Market, Outbox
from orion_orders.commands import app
from tests.modules.orders.billing import complete_seller, documents
from tests.modules.orders.checkouts import placed
from tests.modules.orders.test_invoices import changed


def run(*command: str) -> Result:
    with use_context(RequestContext()):
        return CliRunner().invoke(app, command, catch_exceptions=False)


def answer(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def code(market: Market, store: RequestContext, outbox: Outbox) -> str:
    """A store whose one order waits for its invoice."""
    placed(market)
    outbox.deliver()
    return store.store.code


def test_issuing_says_what_is_missing_until_nothing_waits(store: RequestContext, code: str) -> None:
    waiting = run("issue-invoices", "--store", code, "--json")
    said = answer(waiting)
    assert (waiting.exit_code, said["issued"], said["waiting"]) == (1, 0, 1)
    (problems,) = said["problems"].values()
    assert "the seller's street is missing" in problems
    complete_seller(store)
    done = run("issue-invoices", "--store", code)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 issued, 0 waiting.")


def test_proof_ends_with_one_and_names_the_changed_document(market: Market, store: RequestContext, code: str) -> None:
    complete_seller(store)
    run("issue-invoices", "--store", code)
    well = run("verify-invoices")
    assert (well.exit_code, well.stdout.splitlines()[-1]) == (0, "1 series: none with faults.")
    (invoice,) = documents()
    changed(market, "UPDATE orders.invoices SET document = jsonb_set(document, '{buyer,city}', '\"Esch\"')")
    ill = run("verify-invoices", "--json")
    assert ill.exit_code == 1
    assert list(answer(ill).values()) == [[f"{invoice.number}: the document or one of its files was changed"]]


def test_export_writes_what_was_issued_in_the_days_asked_for(store: RequestContext, code: str, tmp_path: Path) -> None:
    complete_seller(store)
    run("issue-invoices", "--store", code)
    (invoice,) = documents()
    today = datetime.now(UTC).date()
    for first, last, count in ((1, 9, 0), (-9, -1, 0), (0, 0, 1)):
        days = ["--from", str(today + timedelta(first)), "--to", str(today + timedelta(last))]
        result = run("export-invoices", str(tmp_path), "--store", code, "--json", *days)
        assert answer(result) == {"documents": count}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{invoice.number}.pdf", f"{invoice.number}.xml"]
    assert (tmp_path / f"{invoice.number}.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_newest_documents_are_held_against_the_official_rules(store: RequestContext, code: str) -> None:
    complete_seller(store)
    run("issue-invoices", "--store", code)
    result = run("validate-invoices", "--store", code, "--sample", "5", "--json")
    assert (result.exit_code, answer(result)) == (0, {documents()[0].number: []})
