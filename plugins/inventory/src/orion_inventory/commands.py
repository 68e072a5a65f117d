"""The ``orion inventory`` commands: prove the ledger, set stock from a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from orion_core.commands import in_store, progress_bar

app = typer.Typer(no_args_is_help=True, help="Stock and its ledger.")

JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one line of JSON.")]


@app.command()
def verify(
    store: Annotated[str, typer.Option("--store", help="Code of the store; all stores if omitted.")] = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """Compare every counter with what the ledger adds up to. Ends with 1 if one differs; repairs nothing."""
    from orion_core.db import platform_scope, unit_of_work
    from orion_inventory.services.proof import count_proven, find_differences

    if store:
        with in_store(store, "inventory"), unit_of_work() as session:
            found, (places, rows) = find_differences(session), count_proven(session)
    else:
        with platform_scope("prove the stock ledger") as session:
            found, (places, rows) = find_differences(session), count_proven(session)
    if as_json:
        differences = [{name: str(value) for name, value in each._asdict().items()} for each in found]
        typer.echo(json.dumps({"places": places, "rows": rows, "differences": differences}))
    else:
        for each in found:
            where = f"store {each.store_id}, place {each.inventory_id}"
            typer.echo(f"{where}: {each.counter} is {each.counted}, the records say {each.proven}", err=True)
        typer.echo(f"{places} places, {rows} ledger rows: {len(found) or 'no'} differences.")
    if found:
        raise typer.Exit(1)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV with sku, location and quantity.")],
    store: Annotated[str, typer.Option("--store", help="Code of the store.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Set how many pieces there are. Refused rows are listed; the others are applied. Again, nothing changes."""
    from orion_inventory.services.imports import import_stock

    with (
        in_store(store, "inventory"),
        file.open(encoding="utf-8", newline="") as lines,
        progress_bar(f"Importing {file.name}") as progress,
    ):
        report = import_stock(lines, f"Import of {file.name}", progress)
    if as_json:
        refused = [{"row": row, "sku": sku, "reason": reason} for row, sku, reason in report.refused]
        counts = {"rows": report.rows, "changed": report.changed, "unchanged": report.unchanged}
        typer.echo(json.dumps({"store": store, **counts, "refused": refused}))
        return
    for row, sku, reason in report.refused:
        typer.echo(f"row {row} ({sku}): {reason}", err=True)
    counted = f"{report.changed} changed, {report.unchanged} unchanged, {len(report.refused)} refused"
    typer.echo(f"{report.rows} rows: {counted}.")
