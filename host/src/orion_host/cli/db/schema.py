"""``orion db`` for the schemas themselves: plan, run, take back and compare migrations."""

from typing import Annotated

import typer

from orion_core import OrionError
from orion_host.cli.db.common import open_database, reporter
from orion_host.cli.output import JsonOption, YesOption, show_json, show_table

Module = Annotated[str | None, typer.Argument(help="Only this module and what it needs.")]


class SchemaDiffers(OrionError):
    """Models, migrations and tables do not agree."""

    code = "schema_differs"


def plan(
    *,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead.")] = False,
    json: JsonOption = False,
) -> None:
    """Show which revisions an upgrade would run, in order."""
    from orion_host.migrations.written import written_plan

    with open_database() as db:
        found = db.migrator.plan()
        if sql:
            for statement in written_plan(db.migrator, found.steps):
                typer.echo(f"{statement}\n")
            return
    rows = [
        {"module": step.module, "revision": step.id, "requires": list(step.requires), "doc": step.doc}
        for step in found.steps
    ]
    for module, reason in found.left_out.items():
        typer.secho(f"{module} is left out: {reason}", fg="yellow", err=True)
    if json:
        show_json(rows)
        return
    show_table(
        ("#", "module", "revision", "what"),
        [(number, row["module"], row["revision"], row["doc"]) for number, row in enumerate(rows, 1)],
        empty="The database is current; there is nothing to run.",
    )


def upgrade(module: Module = None, *, json: JsonOption = False) -> None:
    """Run pending revisions. A second upgrade at the same time waits for the first."""
    with open_database() as db:
        done = db.migrator.upgrade(reporter(json=json), module)
    if json:
        show_json({"applied": [step.id for step in done]})
    else:
        typer.echo(f"{len(done)} revisions applied." if done else "The database is current.")


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
    with open_database() as db:
        done = db.migrator.downgrade(module, target, reporter(json=json))
    if json:
        show_json({"reverted": [step.id for step in done]})


def status(*, json: JsonOption = False) -> None:
    """Show where each module stands, also modules that are gone or have left something behind."""
    from orion_host.migrations.keeping import orphans

    with open_database() as db:
        found = db.migrator.status()
        known = {each.module for each in found} | {*db.assembly.modules, *db.assembly.quarantined}
        with db.migrator.engine.connect() as connection:
            left = orphans(connection, db.assembly.contributions("orion_kept"), known)
    out = {name: str(problem) for name, problem in db.assembly.quarantined.items()}
    rows = [(s.module, s.current, s.head, s.state, s.reason or out.get(s.module, "")) for s in found]
    rows += [(name, None, None, "orphan", ", ".join(map(str, traces))) for name, traces in left.items()]
    columns = ("module", "current", "head", "state", "remark")
    if json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    show_table(columns, [[cell or "-" for cell in row[:-1]] + [row[-1]] for row in rows], empty="No module is known.")


def revision(
    module: Annotated[str, typer.Argument(help="Module to write a revision for.")],
    message: Annotated[str, typer.Option("-m", "--message", help="What it does.")],
    *,
    autogenerate: Annotated[bool, typer.Option(help="Fill it from the difference to the models.")] = False,
) -> None:
    """Write a new revision file into a module's migrations folder."""
    from orion_host.migrations.autogenerate import write_revision

    with open_database() as db:
        path = write_revision(db.migrator, module, message, autogenerate=autogenerate)
    typer.echo(f"wrote {path}")


def check(*, json: JsonOption = False) -> None:
    """Fail if tables, policies, rights or roles are not what models and migrations make of them."""
    from orion_host.migrations.drift import all_differences

    with open_database() as db:
        found = all_differences(db.migrator)
    if json:
        show_json(found)
    elif not found:
        typer.echo("Models, tables, policies and rights agree.")
    if found:
        raise SchemaDiffers("; ".join(f"{module}: {what}" for module, items in found.items() for what in items))


def roles() -> None:
    """Print the SQL that prepares a database server of your own."""
    from orion_host.migrations.roles import ROLES_SQL

    typer.echo(ROLES_SQL)
