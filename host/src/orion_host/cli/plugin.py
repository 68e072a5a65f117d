"""``orion plugin``: a new plugin from one command, and the proof that it keeps what modules promise."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orion_host.cli.output import JsonOption, show_json, show_table

if TYPE_CHECKING:
    from orion_host.kit.catalogue import Outcome
    from orion_host.kit.findings import Finding

app = typer.Typer(no_args_is_help=True, help="Write plugins and prove them.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the module, such as `wishlist` or `gift-cards`.")],
    *,
    title: Annotated[str, typer.Option(help="What people call it [default: made from the name].")] = "",
    output: Annotated[Path | None, typer.Option(help="Folder to make [default: the distribution's name].")] = None,
    distribution: Annotated[str, typer.Option(help="Name to install it by [default: orion-NAME].")] = "",
    requires: Annotated[list[str] | None, typer.Option(help="A module it needs; may be given several times.")] = None,
) -> None:
    """Write a complete plugin: tables, pages, API, tasks, texts, migrations and tests."""
    from orion_host.assembly.discovery import installed_modules
    from orion_host.cli.root import app as root
    from orion_host.kit.naming import choose_names
    from orion_host.kit.writing import write_plugin

    commands = [*(each.name for each in root.registered_groups), *(each.name for each in root.registered_commands)]
    names = choose_names(
        name,
        installed_modules(),
        title=title,
        distribution=distribution,
        requires=requires or (),
        taken=[str(each) for each in commands],
    )
    folder = output or Path(names.distribution)
    files = write_plugin(names, folder)
    typer.echo(f"{folder}: {len(files)} files of module {names.name}, distribution {names.distribution}.")
    typer.echo("\nNext:")
    for command, what in (
        (f"cd {folder}", ""),
        ("pip install -e . --group dev", "uv: `uv pip install -e . --group dev`"),
        (f"orion plugin check {names.name}", "proves what every module has to keep"),
        ("pytest", "the same, and its own tests"),
        ("orion up --demo", "and look at it in the browser"),
    ):
        typer.echo(f"  {command:<36}{what}".rstrip())


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="A module [default: the one of the distribution here].")] = None,
    *,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Code of a check; may be given several times.")
    ] = None,
    list_checks: Annotated[bool, typer.Option("--list", help="List the checks instead.")] = False,
    json: JsonOption = False,
) -> None:
    """Prove that a module keeps what modules promise. Exit code 1 if it does not."""
    from orion_host.kit.catalogue import CHECKS

    if list_checks:
        rows = [{"code": each.code, "title": each.title, "proves": each.proves} for each in CHECKS]
        if json:
            show_json(rows)
        else:
            show_table(("code", "what", "how"), [tuple(row.values()) for row in rows], empty="")
        return
    outcomes = _examine(name, only or [], quiet=json)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    if json:
        show_json([finding.as_dict() for finding in findings])
    else:
        _tell(outcomes, findings)
    if findings:
        sys.exit(1)


def _examine(name: str | None, only: list[str], *, quiet: bool) -> "list[Outcome]":
    from tempfile import TemporaryDirectory

    from orion_host.assembly.discovery import installed_modules
    from orion_host.embedded import EmbeddedPostgres
    from orion_host.kit.catalogue import CHECKS, find_check, run_checks
    from orion_host.kit.subject import Subject
    from orion_host.logs import configure_logging

    checks = [find_check(code) for code in only] or list(CHECKS)
    configure_logging("CRITICAL", readable=True)
    outcomes = []
    with TemporaryDirectory(prefix="orion-check-") as folder, EmbeddedPostgres(Path(folder), durable=False) as server:
        subject = Subject(name or _module_here(), installed_modules(), server)
        try:
            for outcome in run_checks(subject, checks):
                outcomes.append(outcome)
                if not quiet:
                    typer.echo(_line(outcome))
        finally:
            subject.close()
    return outcomes


def _module_here() -> str:
    """Return the module of the distribution in the working folder."""
    from orion_host.kit.here import modules_of
    from orion_host.kit.subject import NotCheckable

    found = modules_of(Path.cwd())
    if len(found) != 1:
        raise NotCheckable("name a module, or go to the folder of a distribution that ships one")
    return found[0]


def _line(outcome: "Outcome") -> str:
    mark = "skip" if outcome.skipped else "FAIL" if outcome.findings else "ok"
    return f"{mark:<5}{outcome.check.code:<20}{outcome.check.title}"


def _tell(outcomes: "list[Outcome]", findings: "list[Finding]") -> None:
    for note in (note for outcome in outcomes for note in outcome.notes):
        typer.secho(f"\nNot proven: {note}", fg="yellow")
    for finding in findings:
        typer.secho(f"\n{finding.check}: {finding.subject}", bold=True)
        typer.echo(f"  {finding.fact}\n  {finding.fix}".rstrip())
    skipped = sum(1 for outcome in outcomes if outcome.skipped)
    seconds = sum(outcome.seconds for outcome in outcomes)
    counted = f"{len(outcomes)} checks, {len(findings)} findings" + (f", {skipped} skipped" if skipped else "")
    typer.echo(f"\n{counted} ({seconds:.1f} s).")
