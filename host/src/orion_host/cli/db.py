"""``orion db``: plan, run and inspect migrations."""

from typing import Annotated, Any

import typer

from orion_core import OrionError
from orion_host.cli.output import JsonOption, YesOption, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Database migrations of all modules.")

Module = Annotated[str | None, typer.Argument(help="Only this module and what it needs.")]


class SchemaDiffers(OrionError):
    """Models and migrations do not agree."""

    code = "schema_differs"


def _with_migrator(use: Any) -> Any:
    from orion_host.assembly import assemble
    from orion_host.cli.installation import installation
    from orion_host.migrations.runner import Migrator

    with installation() as settings:
        assembly = assemble(policy="strict", web=False)
        migrator = Migrator(settings.require("database_owner_url"), assembly.folders("migrations"))
        try:
            return use(migrator, assembly)
        finally:
            migrator.close()


@app.command()
def plan(*, json: JsonOption = False) -> None:
    """Show which revisions an upgrade would run, in order."""
    steps = _with_migrator(lambda migrator, _: migrator.plan())
    rows = [
        {"module": step.module, "revision": step.id, "requires": list(step.requires), "doc": step.doc} for step in steps
    ]
    if json:
        show_json(rows)
        return
    show_table(
        ("#", "module", "revision", "what"),
        [(number, row["module"], row["revision"], row["doc"]) for number, row in enumerate(rows, 1)],
        empty="The database is current; there is nothing to run.",
    )


@app.command()
def upgrade(module: Module = None, *, json: JsonOption = False) -> None:
    """Run pending revisions. A second upgrade at the same time waits for the first."""
    report = (lambda _: None) if json else typer.echo
    done = _with_migrator(lambda migrator, _: migrator.upgrade(report, module))
    if json:
        show_json({"applied": [step.id for step in done]})
    else:
        typer.echo(f"{len(done)} revisions applied." if done else "The database is current.")


@app.command()
def downgrade(
    module: Annotated[str, typer.Argument(help="Module to take back.")],
    revision: Annotated[str, typer.Argument(help="Revision to stop at, or `base` for none.")],
    *,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Take back revisions of a module. Tables they created are dropped with their data."""
    if not yes:
        typer.confirm(f"This may drop tables of {module} and their data. Go on?", abort=True)
    target = None if revision == "base" else revision
    report = (lambda _: None) if json else typer.echo
    done = _with_migrator(lambda migrator, _: migrator.downgrade(module, target, report))
    if json:
        show_json({"reverted": [step.id for step in done]})


@app.command()
def status(*, json: JsonOption = False) -> None:
    """Show where each module stands, also modules whose package is gone."""
    found = _with_migrator(lambda migrator, _: migrator.status())
    if json:
        show_json([{"module": s.module, "current": s.current, "head": s.head, "state": s.state} for s in found])
        return
    show_table(
        ("module", "current", "head", "state"),
        [(s.module, s.current or "-", s.head or "-", s.state) for s in found],
        empty="No module has migrations.",
    )


@app.command()
def revision(
    module: Annotated[str, typer.Argument(help="Module to write a revision for.")],
    message: Annotated[str, typer.Option("-m", "--message", help="What it does.")],
    *,
    autogenerate: Annotated[bool, typer.Option(help="Fill it from the difference to the models.")] = False,
) -> None:
    """Write a new revision file into a module's migrations folder."""
    from orion_host.migrations.autogenerate import write_revision

    path = _with_migrator(lambda migrator, _: write_revision(migrator, module, message, autogenerate=autogenerate))
    typer.echo(f"wrote {path}")


@app.command()
def check(*, json: JsonOption = False) -> None:
    """Fail if a module's models and its migrated tables differ."""
    from orion_host.migrations.autogenerate import differences

    found = _with_migrator(lambda migrator, _: differences(migrator))
    if json:
        show_json(found)
    elif not found:
        typer.echo("Models and tables agree.")
    if found:
        raise SchemaDiffers("; ".join(f"{module}: {what}" for module, items in found.items() for what in items))


@app.command()
def roles() -> None:
    """Print the SQL that prepares a database server of your own."""
    from orion_host.migrations.roles import ROLES_SQL

    typer.echo(ROLES_SQL)
