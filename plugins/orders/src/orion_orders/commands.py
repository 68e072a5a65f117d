"""The ``orion orders`` commands: prove invoices, issue what waits, write them to files, bring past orders in."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from orion_core.commands import in_store, progress_bar

app = typer.Typer(no_args_is_help=True, help="Orders and invoices.")

JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one line of JSON.")]
DAY = ["%Y-%m-%d"]
StoreOption = Annotated[str, typer.Option("--store", help="Code of the store.")]


@app.command("verify-invoices")
def verify_invoices(*, as_json: JsonOption = False) -> None:
    """Prove all series: no gap, no changed document or file, no broken link. Ends with 1 if there is one."""
    from orion_core.db import platform_scope
    from orion_orders.services.register import prove_all

    with platform_scope("prove invoices") as session:
        found = prove_all(session)
    if as_json:
        typer.echo(json.dumps(found))
    else:
        for series, findings in found.items():
            for finding in findings:
                typer.echo(f"{series}: {finding}", err=True)
        wrong = sum(bool(findings) for findings in found.values())
        typer.echo(f"{len(found)} series: {wrong or 'none'} with faults.")
    if any(found.values()):
        raise typer.Exit(1)


@app.command("issue-invoices")
def issue_invoices(store: StoreOption, *, as_json: JsonOption = False) -> None:
    """Issue the invoices and credit notes that wait. Ends with 1 if some still wait, and says what they lack."""
    from orion_core.db import unit_of_work
    from orion_orders.services.issuing import issue_or_wait
    from orion_orders.services.register import list_waiting, problems_of, waiting_ids

    with in_store(store, "orders"):
        with unit_of_work() as session:
            waiting = waiting_ids(session)
        issued = 0
        with progress_bar("Issuing") as progress:
            for done, order_id in enumerate(waiting, start=1):
                with unit_of_work() as session:
                    issued += len(issue_or_wait(session, order_id))
                progress(done, len(waiting))
        with unit_of_work() as session:
            count, (left, _key) = len(waiting_ids(session)), list_waiting(session, 100)
            found = problems_of(session, left)
            problems = {order.number: found[order.id] for order in left}
    if as_json:
        typer.echo(json.dumps({"issued": issued, "waiting": count, "problems": problems}))
    else:
        for number, lacks in problems.items():
            typer.echo(f"{number}: {'; '.join(lacks)}", err=True)
        typer.echo(f"{issued} issued, {count} waiting.")
    if count:
        raise typer.Exit(1)


@app.command("export-invoices")
def export_invoices(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to write them.")],
    store: StoreOption,
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day of issue.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day of issue.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Write each document's PDF and XML (UBL) into a folder; what is there already is left as it is."""
    from orion_core.db import unit_of_work
    from orion_orders.services.invoices import read_document
    from orion_orders.services.register import RegisterQuery, iterate_invoices

    folder.mkdir(parents=True, exist_ok=True)
    query = RegisterQuery(first=first.date() if first else None, last=last.date() if last else None)
    count = 0
    with in_store(store, "orders"), unit_of_work() as session:
        for invoice in iterate_invoices(session, query):
            for form in ("pdf", "ubl"):
                file = read_document(session, invoice, form)
                target = folder / file.name
                if not target.exists():
                    target.write_bytes(file.content)
            count += 1
    typer.echo(json.dumps({"documents": count}) if as_json else f"{count} documents in {folder}.")


@app.command("validate-invoices")
def validate_invoices(
    store: StoreOption,
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many of the newest documents.")] = 100,
    *,
    as_json: JsonOption = False,
) -> None:
    """Hold the newest documents against the official rules of EN 16931. Ends with 1 if one breaks a rule."""
    from orion_core.db import unit_of_work
    from orion_orders.documents.rules import RulesNotRun, validate
    from orion_orders.services.invoices import read_document
    from orion_orders.services.register import RegisterQuery, list_invoices

    with in_store(store, "orders"), unit_of_work() as session:
        rows, _ = list_invoices(session, RegisterQuery(), sample, None)
        names = [row.number for row in rows]
        contents = [read_document(session, row, "ubl").content for row in rows]
    try:
        found = validate(contents) if contents else []
    except RulesNotRun as error:
        typer.echo(f"{error}. Install the extra: pip install 'orion-commerce-orders[validation]'", err=True)
        raise typer.Exit(2) from error
    by_name = dict(zip(names, found, strict=True))
    if as_json:
        typer.echo(json.dumps(by_name))
    else:
        for name, problems in by_name.items():
            for problem in problems:
                typer.echo(f"{name}: {problem}", err=True)
        typer.echo(f"{len(names)} documents, {sum(bool(problems) for problems in found) or 'none'} with faults.")
    if any(found):
        raise typer.Exit(1)


@app.command("import-history")
def import_past_orders(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV of past sales, one line per article.")],
    store: StoreOption,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of the lines, and keep nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take past sales over as completed orders. Refused lines are listed with their reason. Again, nothing changes."""
    from orion_orders.services.history import import_history

    with (
        in_store(store, "orders"),
        file.open(encoding="utf-8-sig", newline="") as lines,
        progress_bar(f"Importing {file.name}") as progress,
    ):
        report = import_history(lines, progress, dry_run=dry_run)
    if as_json:
        refused = [
            {"line": each.number, "reason": each.reason, "amount_minor": each.amount_minor} for each in report.refused
        ]
        found = {**vars(report), "refused": refused, "refused_minor": report.refused_minor, "dry_run": dry_run}
        typer.echo(json.dumps(found))
        return
    for each in report.refused:
        typer.echo(f"line {each.number}: {each.reason}", err=True)
    typer.echo(
        f"{report.lines} lines: {report.sold} sold in {report.orders} orders, {report.credited} taken back, "
        f"{report.unmatched} cancelled without a sale, {report.unchanged} there before, {len(report.refused)} refused."
    )
    typer.echo(
        f"In minor units: {report.sold_minor} sold, {report.credited_minor} credited, "
        f"{report.unmatched_minor} cancelled without a sale, {report.refused_minor} refused."
    )
    if dry_run:
        typer.echo("This was a dry run: nothing is kept.")
