"""Purges a module: its schema and everything other modules keep about it, whether or not its package is installed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from orion_core import Kept, OrionError
from orion_core.db.operations import Law, law_in
from orion_host.migrations.heads import applied_revisions
from orion_host.migrations.keeping import Trace, forget, traces
from orion_host.migrations.runner import Migrator
from orion_host.migrations.schemas import schema_exists

TABLES = """
    SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version' ORDER BY 1
"""
REFERENCES = """
    SELECT format('%s.%s (%s)', n.nspname, r.relname, c.conname)
    FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
    JOIN pg_class t ON t.oid = c.confrelid JOIN pg_namespace m ON m.oid = t.relnamespace
    WHERE c.contype = 'f' AND m.nspname = :schema AND n.nspname <> :schema
    UNION
    SELECT format('%s.%s (%s)', n.nspname, v.relname, coalesce('policy ' || p.polname, 'view'))
    FROM pg_depend d
    JOIN pg_class t ON d.refclassid = 'pg_class'::regclass AND t.oid = d.refobjid
    JOIN pg_namespace m ON m.oid = t.relnamespace
    LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    JOIN pg_class v ON v.oid = coalesce(w.ev_class, p.polrelid) JOIN pg_namespace n ON n.oid = v.relnamespace
    WHERE m.nspname = :schema AND n.nspname <> :schema
    ORDER BY 1
"""
"""Foreign keys, views and policies elsewhere that would go, or lose their meaning, with a schema."""


class PurgeRefused(OrionError):
    """A module cannot be purged; each reason is named."""

    code = "purge_refused"


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What a purge would drop with a table.

    Args:
        name: The table, without its schema.
        rows: How many rows it has.
        bytes: Its size with indexes.
        kept_by_law: How many rows the law keeps.
        reason: Which law.
        until: When the last of them may go; ``None`` if nobody can tell.
    """

    name: str
    rows: int
    bytes: int
    kept_by_law: int = 0
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What a purge would do, and why it may not.

    Args:
        module: The module.
        installed: Whether its package is installed: then an upgrade would make its tables anew.
        exists: Whether it has a schema.
        tables: What goes with the schema.
        traces: What others keep about it.
        refusals: Why it must not be purged.
    """

    module: str
    installed: bool
    exists: bool
    tables: list[TableFacts]
    traces: list[Trace]
    refusals: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table.name: table.rows for table in self.tables}

    @property
    def lawful(self) -> list[str]:
        """What the law keeps, in words."""
        return [
            f"{table.kept_by_law} of {table.rows} rows of {self.module}.{table.name} are kept by law "
            f"({table.reason}) until {table.until or 'a date nobody can tell'}"
            for table in self.tables
            if table.kept_by_law
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return asdict(self) | {"kept_by_law": self.lawful}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a purge has to know of the installed modules.

    Args:
        requires: Names of the modules that each installed module requires.
        kept: What modules keep about others: ``assembly.contributions("orion_kept")``.
    """

    requires: Mapping[str, Sequence[str]]
    kept: Sequence[tuple[str, Kept]]


def plan_purge(connection: Connection, module: str, around: Surroundings) -> PurgePlan:
    """Return what a purge would do.

    Args:
        connection: A connection of the owner.
        module: The module; its package may be gone.
        around: The installed modules.

    Raises:
        PurgeRefused: If nothing at all is known of such a module.
    """
    exists = schema_exists(connection, module)
    found = [trace for trace in traces(connection, around.kept).get(module, []) if trace.keeper != module]
    if not exists and not found:
        raise PurgeRefused(f"there is no trace of a module {module!r} in this database")
    return PurgePlan(
        module=module,
        installed=module in around.requires,
        exists=exists,
        tables=_tables(connection, module),
        traces=found,
        refusals=_refusals(connection, module, around),
    )


def purge(
    migrator: Migrator,
    module: str,
    around: Surroundings,
    *,
    despite_retention: bool = False,
    dumped: PurgePlan | None = None,
) -> PurgePlan:
    """Drop a module's schema and what others keep about it, all in one transaction.

    Args:
        migrator: Whose database.
        module: The module.
        around: The installed modules.
        despite_retention: Also if the law keeps some of its rows.
        dumped: The plan before the dump; nothing is dropped if rows came or went since.

    Returns:
        What was purged.

    Raises:
        PurgeRefused: If something speaks against it, or nothing is known of such a module.
    """
    with migrator.locked() as connection, connection.begin():
        connection.execute(text(migrator.patience.statement))
        _lock_tables(connection, module)
        plan = plan_purge(connection, module, around)
        refuse(plan, despite_retention=despite_retention)
        if dumped is not None and dumped.counts != plan.counts:
            raise PurgeRefused(f"rows of {module} came or went since the dump: stop what works on them, and try again")
        connection.execute(text(f'DROP SCHEMA IF EXISTS "{module}" CASCADE'))
        forget(connection, around.kept, module)
    return plan


def refuse(plan: PurgePlan, *, despite_retention: bool = False) -> None:
    """Raise if a plan must not be carried out.

    Args:
        plan: The plan.
        despite_retention: Whether the law's rows may go.

    Raises:
        PurgeRefused: With every reason.
    """
    reasons = [*plan.refusals]
    if plan.lawful and not despite_retention:
        reasons += [*plan.lawful, "if you may drop them all the same, add --despite-retention"]
    if reasons:
        raise PurgeRefused(f"{plan.module} cannot be purged: {'; '.join(reasons)}")


def _refusals(connection: Connection, module: str, around: Surroundings) -> list[str]:
    needed_by = [name for name, requires in around.requires.items() if module in requires]
    strange = schema_exists(connection, module) and module not in applied_revisions(connection)
    references = connection.scalars(text(REFERENCES), {"schema": module}).all()
    return [
        *(["core is what everything else stands on"] if module == "core" else []),
        *([f"schema {module!r} has no version table: it is no module's"] if strange else []),
        *([f"it is required by {', '.join(needed_by)}: uninstall them first"] if needed_by else []),
        *(["others refer to its tables: " + ", ".join(references)] if references else []),
    ]


def _lock_tables(connection: Connection, module: str) -> None:
    """Let nobody write what is counted and then dropped."""
    for name in connection.scalars(text(TABLES), {"schema": module}).all():
        connection.execute(text(f'LOCK TABLE "{module}"."{name}" IN ACCESS EXCLUSIVE MODE'))


def _tables(connection: Connection, module: str) -> list[TableFacts]:
    rows = connection.execute(text(TABLES), {"schema": module}).all()
    try:
        return [_table(connection, module, row.name, row.bytes, law_in(row.comment)) for row in rows]
    except ValueError as error:
        raise PurgeRefused(f"nobody can tell what the law keeps of {module}: {error}") from error


def _table(connection: Connection, schema: str, name: str, size: int, law: Law | None) -> TableFacts:
    table = f'"{schema}"."{name}"'
    rows = int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608  a name of the catalogue
    if law is None:
        return TableFacts(name, rows, size)
    if law.since is None:
        return TableFacts(name, rows, size, rows, law.reason)
    end = f'("{law.since}" + make_interval(years => {law.years}))::date'
    lawful = f"SELECT count(*), max({end}) FROM {table} WHERE coalesce({end} > current_date, true)"  # noqa: S608
    kept, until = connection.execute(text(lawful)).one()
    return TableFacts(name, rows, size, kept, law.reason, until)
