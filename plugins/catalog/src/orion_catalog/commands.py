"""The ``orion catalog`` commands: import a feed, rebuild lists and search."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from orion_core.commands import in_store, progress_bar

app = typer.Typer(no_args_is_help=True, help="Products and feeds.")

StoreOption = Annotated[str, typer.Option("--store", help="Code of the store.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one line of JSON.")]


@app.command("import")
def import_feed(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, plain or as .gz or .zip.")],
    store: StoreOption,
    *,
    complete: Annotated[bool, typer.Option("--complete", help="Archive products the file does not name.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import a product feed. Refused rows are kept and listed; the other rows are imported."""
    from orion_catalog.services.imports import record_import, run_import
    from orion_core.db import unit_of_work

    with in_store(store, "catalog"), file.open("rb") as stream:
        with unit_of_work() as session:
            size = file.stat().st_size
            import_id = record_import(session, file.name, size, is_complete=complete).id
        with progress_bar(f"Importing {file.name}") as progress:
            done = run_import(import_id, progress, stream)
    names = ("status", "rows", "created", "updated", "unchanged", "rejected", "archived")
    result: dict[str, Any] = {name: getattr(done, name) for name in names}
    if as_json:
        typer.echo(json.dumps({"import_id": str(done.id), "store": store, **result, "warnings": done.warnings}))
        return
    for warning in done.warnings:
        typer.secho(f"Note: {warning['message']}", fg="yellow", err=True)
    counts = ", ".join(f"{result[name]} {name}" for name in names[2:6])
    typer.echo(f"{result['rows']} rows: {counts}.")
    if result["rejected"]:
        typer.echo(f"Refused rows: /stores/{store}/imports/{done.id}", err=True)


@app.command()
def reindex(store: StoreOption, *, as_json: JsonOption = False) -> None:
    """Rebuild what lists and search know of a store's products."""
    from orion_catalog.services.reindex import reindex_store

    with in_store(store, "catalog"), progress_bar("Indexing products") as progress:
        products = reindex_store(progress)
    typer.echo(json.dumps({"products": products}) if as_json else f"{products} products indexed.")
