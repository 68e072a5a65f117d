"""``orion db`` for the data: dump it, bring it back, purge a module's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orion_host.cli.db.common import OpenDatabase, confirm_by_typing, in_bytes, open_database, reporter
from orion_host.cli.output import JsonOption, YesOption, show_json, show_table

if TYPE_CHECKING:
    from orion_host.migrations.purge import PurgePlan, Surroundings

DumpFile = Annotated[Path | None, typer.Option(help="File to write [default: a new one in .orion/dumps]")]


def dump(
    module: Annotated[str | None, typer.Argument(help="Only this module's schema.")] = None,
    *,
    file: DumpFile = None,
    json: JsonOption = False,
) -> None:
    """Dump the whole database, or one module's schema, for `orion db restore`."""
    from orion_host.migrations.dumps import dump as write
    from orion_host.migrations.dumps import new_dump_path

    with open_database() as db:
        target = file or new_dump_path(db.settings.data_dir, module or "orion")
        reporter(json=json)(f"dumping {module or 'the whole database'}")
        size = write(db.migrator, target, module)
    if json:
        show_json({"file": str(target), "bytes": size})
    else:
        typer.echo(f"wrote {target} ({in_bytes(size)})")


def restore(
    file: Annotated[Path, typer.Argument(help="Written by `orion db dump` or `orion db purge`.", exists=True)],
    *,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Bring a dump back: a module whose schema is gone, or everything into an empty database."""
    from orion_host.migrations.dumps import restore as bring_back

    with open_database() as db:
        if not yes:
            typer.confirm(f"Restore {file} into database {db.migrator.engine.url.database}?", abort=True, err=True)
        schemas = bring_back(db.migrator, file)
    if json:
        show_json({"restored": schemas})
    else:
        typer.echo(f"restored {', '.join(schemas)}; `orion db status` tells whether an upgrade is pending")


def purge(
    module: Annotated[str, typer.Argument(help="Module to purge; its package may be gone.")],
    *,
    plan_only: Annotated[bool, typer.Option("--plan", "--dry-run", help="Only show what would go.")] = False,
    yes: YesOption = False,
    no_dump: Annotated[bool, typer.Option("--no-dump", help="Do not dump the schema first.")] = False,
    file: Annotated[Path | None, typer.Option("--dump", help="File for the dump [default: in .orion/dumps]")] = None,
    despite_retention: Annotated[
        bool, typer.Option("--despite-retention", help="Drop rows that the law keeps, too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Drop a module's tables and everything others keep about it. Shows the plan first, and dumps the tables."""
    from orion_host.migrations.purge import purge as carry_out
    from orion_host.migrations.purge import refuse

    with open_database() as db:
        around, plan = _planned(db, module)
        if not json:
            _show(plan)
        if plan_only:
            if json:
                show_json(plan.as_dict())
            return
        refuse(plan, despite_retention=despite_retention)
        confirm_by_typing(module, "This cannot be undone.", yes=yes)
        written = None if no_dump or not plan.exists else _dumped(db, module, file, json=json)
        dumped = plan if written else None
        plan = carry_out(db.migrator, module, around, despite_retention=despite_retention, dumped=dumped)
    if json:
        show_json(plan.as_dict() | {"dump": written and str(written)})
        return
    typer.echo(f"{module} is purged.")
    if plan.installed:
        typer.echo("Its package is still installed: uninstall it, or the next upgrade makes its tables anew.")


def _planned(db: OpenDatabase, module: str) -> tuple["Surroundings", "PurgePlan"]:
    from orion_host.migrations.purge import Surroundings, plan_purge

    around = Surroundings(
        requires={name: loaded.definition.requires for name, loaded in db.assembly.modules.items()},
        kept=db.assembly.contributions("orion_kept"),
    )
    with db.migrator.engine.connect() as connection:
        return around, plan_purge(connection, module, around)


def _show(plan: "PurgePlan") -> None:
    show_table(
        (f"tables of {plan.module}", "rows", "size"),
        [(table.name, table.rows, in_bytes(table.bytes)) for table in plan.tables],
        empty=f"{plan.module} has no tables.",
    )
    show_table(
        ("kept by", "what", "count"),
        [(trace.keeper, trace.title, trace.count) for trace in plan.traces],
        empty=f"No other module keeps anything about {plan.module}.",
    )
    for line in [*plan.lawful, *plan.refusals]:
        typer.secho(line, fg="red")


def _dumped(db: OpenDatabase, module: str, wanted: Path | None, *, json: bool) -> Path:
    from orion_host.migrations.dumps import dump as write
    from orion_host.migrations.dumps import new_dump_path

    file = wanted or new_dump_path(db.settings.data_dir, module)
    size = write(db.migrator, file, module)
    reporter(json=json)(f"wrote {file} ({in_bytes(size)}); `orion db restore` brings the tables back")
    return file
