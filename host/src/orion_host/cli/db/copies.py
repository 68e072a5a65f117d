"""``orion db`` for copies: rehearse an upgrade on one, make one harmless."""

from typing import TYPE_CHECKING, Annotated

import typer

from orion_host.cli.db.common import confirm_by_typing, open_database, reporter
from orion_host.cli.output import JsonOption, YesOption, show_json, show_table

if TYPE_CHECKING:
    from orion_host.migrations.rehearsal import Rehearsed


def rehearse(
    *,
    on: Annotated[str | None, typer.Option(help="URL of an empty database to rehearse on (own servers).")] = None,
    json: JsonOption = False,
) -> None:
    """Run the pending upgrade on a copy: how long it takes, what it locks, whether it can be taken back."""
    from orion_host.migrations.copying import copy_of
    from orion_host.migrations.rehearsal import refuse_failures
    from orion_host.migrations.rehearsal import rehearse as run_through

    steps: list[Rehearsed] = []
    with open_database() as db:
        if db.migrator.plan().steps:
            with copy_of(db.migrator, db.settings, on, reporter(json=json)) as url:
                steps = run_through(db.migrator.on(url), reporter(json=json))
    if json:
        show_json([step.as_dict() for step in steps])
    else:
        show_table(
            ("revision", "seconds", "strongest lock on each table", "can be taken back"),
            [(s.revision, f"{s.seconds:.2f}", s.locks_in_words, s.failure or s.back or "yes") for s in steps],
            empty="The database is current; there is nothing to rehearse.",
        )
    refuse_failures(steps)


def neutralize(
    *,
    yes: YesOption = False,
    keep: Annotated[list[str] | None, typer.Option(help="E-mail address of a user to keep; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Even if processes seem to work on it.")] = False,
    json: JsonOption = False,
) -> None:
    """Make a copy of a production database safe: no mail, no jobs, no keys, no sessions, no secrets."""
    from orion_host.migrations.neutralizing import database_name
    from orion_host.migrations.neutralizing import neutralize as carry_out

    with open_database() as db:
        name, host = database_name(db.migrator), db.migrator.engine.url.host
        confirm_by_typing(name, f"This changes database {name} on {host} for good; use it on copies only.", yes=yes)
        kept = frozenset(address.strip().lower() for address in keep or ())
        done = carry_out(db.migrator, db.assembly, kept, force=force)
    if json:
        show_json(done)
        return
    rows = [(module, what, count) for module, counts in done.items() for what, count in counts.items()]
    show_table(("module", "what", "count"), rows, empty="No module had anything to do.")
