"""Commands that show what is installed: modules, routes, schedule, hooks, and what is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from orion_host.cli.output import JsonOption, YesOption, fail, show_json, show_table

modules = typer.Typer(no_args_is_help=True, help="Installed modules and their switches.")

ModuleName = Annotated[str, typer.Argument(help="Name of a module.")]
PlatformCode = Annotated[str, typer.Option("--platform", help="Code of the platform.")]


def _assembly(*, web: bool = True) -> Any:
    from orion_host.assembly import assemble

    return assemble(policy="quarantine", web=web)


@modules.command("list")
def list_modules(*, json: JsonOption = False) -> None:
    """List installed modules in dependency order, with what is wrong with them."""
    from orion_host.cli.installation import reachable
    from orion_host.inspection import absences, module_rows
    from orion_host.settings import HostSettings

    settings = reachable(HostSettings())
    rows = module_rows(_assembly(), absences(settings) if settings else {})
    if json:
        show_json(rows)
        return
    columns = ("name", "tier", "version", "state", "requires", "summary")
    cells = [[", ".join(row[c]) if isinstance(row[c], list) else row[c] for c in columns] for row in rows]
    show_table(columns, cells, empty="No module is installed.")


@modules.command("show")
def show_module(name: ModuleName, *, json: JsonOption = False) -> None:
    """Show everything a module contributes."""
    from orion_host.inspection import module_details

    details = module_details(_assembly(), name)
    if json:
        show_json(details)
        return
    for key, value in details.items():
        lines = value if isinstance(value, list) else [value]
        typer.secho(key, bold=True)
        for line in lines or ["-"]:
            typer.echo(f"  {line}")


@modules.command("enable")
def enable(name: ModuleName, platform: PlatformCode) -> None:
    """Switch a module on for a platform."""
    from orion_core.db import platform_scope

    with _switches() as directory, platform_scope("switch a module on") as session:
        directory.switch_module(session, platform, name, on=True)
    typer.echo(f"{name} is on for {platform}.")


@modules.command("disable")
def disable(
    name: ModuleName,
    platform: PlatformCode,
    *,
    with_dependents: Annotated[bool, typer.Option("--with-dependents", help="Also the modules that need it.")] = False,
    yes: YesOption = False,
) -> None:
    """Switch a module off for a platform, after telling what goes off with it. Its data stays."""
    from orion_core.db import platform_scope

    with _switches() as directory:
        with platform_scope("tell what goes off with a module") as session:
            effect = directory.switch_off_effect(session, platform, name)
        for module, records in effect:
            typer.echo(f"{module}: {records} records of {platform} rest until it is on again")
        if effect and not yes:
            typer.confirm("Their pages and API answer 404 at once. Switch off?", abort=True)
        with platform_scope("switch a module off") as session:
            changed = directory.switch_module(session, platform, name, on=False, with_dependents=with_dependents)
    typer.echo(f"{', '.join(changed) or name} is off for {platform}.")


@contextmanager
def _switches() -> Iterator[Any]:
    """Open the installation and give who keeps its switches."""
    from orion_host.cli.installation import command_runtime
    from orion_host.inspection import tenant_directory

    with command_runtime() as runtime:
        yield tenant_directory(runtime.assembly)


def routes(*, json: JsonOption = False) -> None:
    """List all routes with their area, module and guard."""
    from orion_host.inspection import route_rows

    rows = route_rows(_assembly())
    if json:
        show_json(rows)
        return
    columns = ("method", "path", "area", "module", "guard")
    show_table(columns, [[row[c] for c in columns] for row in rows], empty="No module has routes.")


def schedule(*, json: JsonOption = False) -> None:
    """List scheduled tasks."""
    rows = [
        {
            "name": e.name,
            "task": e.task,
            "cron": e.cron,
            "module": module,
            "per_platform": e.per_platform,
        }
        for module, tasks in _assembly(web=False).contributions("orion_tasks")
        for e in tasks.schedule
    ]
    if json:
        show_json(rows)
        return
    columns = ("name", "cron", "task", "module")
    show_table(columns, [[row[c] for c in columns] for row in rows], empty="Nothing is scheduled.")


def hooks(*, json: JsonOption = False) -> None:
    """List hooks with the modules that implement them."""
    from orion_host.inspection import hook_rows

    rows = hook_rows(_assembly())
    if json:
        show_json(rows)
        return
    show_table(
        ("hook", "implemented by", "what it is"),
        [(row["hook"], ", ".join(row["modules"]) or "-", row["doc"]) for row in rows],
        empty="There are no hooks.",
    )


def doctor(*, json: JsonOption = False) -> None:
    """Look for what is wrong; each finding has a cause and a fix. Exit code 1 if there is an error."""
    from orion_core import OrionError
    from orion_host.doctor import examine

    try:
        findings = examine()
    except OrionError as error:
        fail(error)
    if json:
        show_json([finding.as_dict() for finding in findings])
    else:
        show_table(
            ("severity", "about", "cause", "fix"),
            [(f.severity, f.about, f.cause, f.fix) for f in findings],
            empty="Everything looks well.",
        )
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)
