"""The ``orion catalog`` commands: import a feed, rebuild lists and search."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Products and feeds.")

StoreOption = Annotated[str, typer.Option("--store", help="Code of the store.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one line of JSON.")]
Progress = Callable[[int, int | None], None]


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

    with in_store(store), file.open("rb") as stream:
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

    with in_store(store), progress_bar("Indexing products") as progress:
        products = reindex_store(progress)
    typer.echo(json.dumps({"products": products}) if as_json else f"{products} products indexed.")


@contextmanager
def in_store(code: str) -> Iterator[None]:
    """Work for a store inside the block, as the system.

    Raises:
        NotFound: There is no such store.
    """
    from dataclasses import replace

    from orion_core.context import SYSTEM, current_context, use_context
    from orion_core.db import platform_scope
    from orion_core.errors import NotFound
    from orion_core.runtime import current_runtime

    _, directory = current_runtime().assembly.contributions("orion_tenants")[0]
    with platform_scope("find the store of a command") as session:
        tenant = directory.find_store(session, code)
    if tenant is None or tenant.store is None:
        raise NotFound(f"there is no store {code!r}; `orion tenancy list-stores` lists them")
    with use_context(replace(current_context(), tenant=tenant, actor=SYSTEM, locale=tenant.store.locale)):
        yield


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show how far it got on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeElapsedColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
