"""How commands answer: a table for people, one JSON value for programs, errors on stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer

from orion_core import OrionError

JsonOption = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


def show_json(value: Any) -> None:
    """Print a value as one line of JSON; dates and ids become text."""
    typer.echo(json.dumps(value, default=str, ensure_ascii=False))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, empty: str) -> None:
    """Print rows as a table.

    Args:
        columns: Headings.
        rows: Values in the columns' order.
        empty: What to say when there are no rows.
    """
    if not rows:
        typer.echo(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "id")  # an id is there to be copied
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 1000).print(table)


def fail(error: OrionError) -> NoReturn:
    """Tell an error on stderr and end with exit code 1."""
    typer.secho(f"Error: {error.detail}", fg="red", err=True)
    hint = getattr(error, "hint", "")
    if hint:
        typer.echo(hint, err=True)
    sys.exit(1)
