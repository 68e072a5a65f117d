"""Findings about the database: revisions that are pending or unknown, and all in which it differs from the code."""

from collections.abc import Iterator

from orion_host.assembly import Assembly
from orion_host.doctor.finding import Finding, error, warning
from orion_host.migrations.drift import DATABASE, all_differences
from orion_host.migrations.runner import Migrator

FIXES = {
    "pending": "run `orion db upgrade`",
    "newer": "install the newer version of the module again",
    "unreadable": "mend the revision file, or install the module again",
}


def revisions(migrator: Migrator, assembly: Assembly) -> Iterator[Finding]:
    """Yield modules whose tables are not where their code needs them.

    Args:
        migrator: Whose database.
        assembly: What is installed.
    """
    for status in migrator.status():
        if status.state == "absent" and status.module not in assembly.quarantined:
            fix = f"install the module again, leave its data at rest, or `orion db purge {status.module}`"
            yield warning(status.module, f"its tables are at {status.current}, and its package is gone", fix)
        elif status.state in FIXES:
            where = f"its tables are at {status.current or 'nothing'}, and its code ships {status.head or 'nothing'}"
            yield error(status.module, f"{status.state}: {status.reason or where}", FIXES[status.state])


def drift(migrator: Migrator) -> Iterator[Finding]:
    """Yield in what tables, policies, rights and roles differ from models and migrations.

    Args:
        migrator: Whose database.
    """
    for module, facts in all_differences(migrator).items():
        fix = (
            "make the roles anew as `orion db roles` prints them"
            if module == DATABASE
            else "find out who changed it; `orion db check` shows it, a revision or `orion db upgrade` mends it"
        )
        yield from (error(module, fact, fix) for fact in facts)
