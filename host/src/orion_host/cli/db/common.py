"""What the commands of ``orion db`` share: the open database, a confirmation that cannot be given by accident."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from orion_host.assembly import Assembly
    from orion_host.migrations.runner import Migrator
    from orion_host.settings import HostSettings

app = typer.Typer(no_args_is_help=True, help="Database migrations of all modules, dumps, purges and copies.")


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """What a command works with.

    Args:
        settings: The installation's settings, with all addresses.
        assembly: What is installed.
        migrator: The database, as its owner.
    """

    settings: "HostSettings"
    assembly: "Assembly"
    migrator: "Migrator"


@contextmanager
def open_database() -> Iterator[OpenDatabase]:
    """Open the installation's database; strictly, unless ``ORION_ON_MODULE_ERROR`` says otherwise.

    Yields:
        The open database.
    """
    from orion_host.assembly import assemble
    from orion_host.cli.installation import installation
    from orion_host.migrations.runner import Migrator

    with installation() as settings:
        policy = settings.on_module_error or "strict"
        assembly = assemble(policy=policy, web=False)
        url, folders = settings.require("database_owner_url"), assembly.folders("migrations")
        migrator = Migrator(url, folders, policy=policy)
        try:
            yield OpenDatabase(settings, assembly, migrator)
        finally:
            migrator.close()


def confirm_by_typing(name: str, doing: str, *, yes: bool) -> None:
    """Go on only if a person types a name; ``--yes`` stands for it.

    Args:
        name: What has to be typed.
        doing: What is about to happen.
        yes: Whether ``--yes`` was given.
    """
    if not yes and typer.prompt(f"{doing} Type {name} to go on", err=True) != name:
        typer.echo("That is another name; nothing was changed.", err=True)
        raise typer.Abort


def reporter(*, json: bool) -> Callable[[str], None]:
    """Return where a command tells its progress: stderr if its answer is JSON."""
    return lambda line: typer.echo(line, err=json)


def in_bytes(size: int) -> str:
    """Return a size as people read it."""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
