"""Runs migration plans: under one lock, each revision in its own transaction, as the owner of the schemas."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, text

import orion_core.db.operations  # noqa: F401  registers the tenant operations
from orion_core.db.operations import APP_ROLE, PLATFORM_ROLE
from orion_host.migrations.planner import plan_downgrade, plan_upgrade
from orion_host.migrations.revisions import Branch, MigrationError, Revision

LOCK = 0x0510_0001
"""Key of the advisory lock that lets one upgrade run at a time."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ModuleStatus:
    """Where a module stands in the database.

    Args:
        module: Its name.
        current: Applied revision, ``None`` before the first.
        head: Newest shipped revision; ``None`` if the module is not installed.
        state: ``current``, ``pending``, ``absent`` (tables rest, package gone) or ``newer`` than the code.
    """

    module: str
    current: str | None
    head: str | None
    state: str


class Migrator:
    """Brings the database to the revisions that the installed modules ship.

    Args:
        url: URL of the role that owns the schemas.
        folders: Module name to its ``migrations`` folder, in dependency order.
    """

    def __init__(self, url: str, folders: Mapping[str, Path]) -> None:
        self.engine: Engine = create_engine(url, pool_size=1, max_overflow=1)
        self.branches = {module: Branch(module, folder) for module, folder in folders.items()}
        self.revisions = {module: branch.revisions for module, branch in self.branches.items()}

    def applied(self) -> dict[str, str | None]:
        """Return the current revision of every module that has a version table, installed or not."""
        with self.engine.connect() as connection:
            schemas = connection.scalars(text(_VERSION_TABLES)).all()
            return {schema: _current(connection, schema) for schema in schemas}

    def plan(self) -> list[Revision]:
        """Return the pending revisions in the order they would run."""
        return plan_upgrade(self.revisions, self.applied())

    def status(self) -> list[ModuleStatus]:
        """Return where each module stands, those without a package included."""
        applied = self.applied()
        names = [*self.branches, *(name for name in applied if name not in self.branches)]
        return [self._status(name, applied.get(name)) for name in names]

    def upgrade(self, report: Report = lambda _: None, module: str | None = None) -> list[Revision]:
        """Run all pending revisions, or those of one module and what they need.

        Args:
            report: Is told each step, and that another upgrade is being waited for.
            module: Stop once this module is at its head.

        Returns:
            The revisions that ran.

        Raises:
            MigrationError: If a revision fails; it is undone, its module stays at the revision before.
        """
        with self._locked(report) as connection:
            plan = plan_upgrade(self.revisions, self.applied())
            plan = plan if module is None else _needed_for(plan, module)
            for revision in plan:
                report(f"{revision.module}: {revision.id} {revision.doc}")
                self._run(connection, revision, forward=True)
            return plan

    def downgrade(self, module: str, target: str | None, report: Report = lambda _: None) -> list[Revision]:
        """Take back a module's revisions down to ``target`` (``None``: all of them).

        Args:
            module: Name of an installed module.
            target: Revision to keep.
            report: Is told each step.

        Raises:
            MigrationError: If other modules need what would go, or a step fails.
        """
        with self._locked(report) as connection:
            plan = plan_downgrade(self.revisions, self.applied(), module, target)
            for revision in plan:
                report(f"{revision.module}: back before {revision.id}")
                self._run(connection, revision, forward=False)
            return plan

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _status(self, module: str, current: str | None) -> ModuleStatus:
        branch = self.branches.get(module)
        if branch is None:
            return ModuleStatus(module, current, None, "absent")
        if current == branch.head:
            return ModuleStatus(module, current, branch.head, "current")
        known = current is None or current in {revision.id for revision in branch.revisions}
        return ModuleStatus(module, current, branch.head, "pending" if known else "newer")

    @contextmanager
    def _locked(self, report: Report) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")):
                report("another upgrade is running; waiting for it")
                connection.scalar(text(f"SELECT pg_advisory_lock({LOCK})"))
            connection.commit()
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
                connection.commit()

    def _run(self, connection: Connection, revision: Revision, *, forward: bool) -> None:
        branch = self.branches[revision.module]

        def step(heads: Any, _context: Any) -> Any:
            if forward:
                return branch.scripts._upgrade_revs(revision.id, heads)
            return branch.scripts._downgrade_revs(revision.down or "base", heads)

        try:
            with connection.begin():
                _prepare_schema(connection, revision.module)
                context = migration_context(connection, revision.module, fn=step)
                with Operations.context(context):
                    context.run_migrations()
        except Exception as error:
            raise MigrationError(
                f"{revision.id} failed and was undone; {revision.module} stays at "
                f"{revision.down if forward else revision.id}: {error}"
            ) from error


def migration_context(connection: Connection, module: str, **options: Any) -> MigrationContext:
    """Return Alembic's context for one module: its schema holds its version table.

    Args:
        connection: A connection of the owner.
        module: The module.
        options: Further options of ``MigrationContext.configure``.
    """
    return MigrationContext.configure(
        connection,
        opts={"version_table": "alembic_version", "version_table_schema": module, **options},
    )


_VERSION_TABLES = """
    SELECT table_schema FROM information_schema.tables
    WHERE table_name = 'alembic_version' AND table_schema <> 'public' ORDER BY table_schema
"""


def _current(connection: Connection, schema: str) -> str | None:
    return connection.scalar(text(f'SELECT version_num FROM "{schema}".alembic_version'))  # noqa: S608  a schema name


def _prepare_schema(connection: Connection, module: str) -> None:
    # A migration that waits for a lock blocks everybody behind it; rather fail and be run again.
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    if connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": module}):
        return
    roles = f"{APP_ROLE}, {PLATFORM_ROLE}"
    connection.execute(text(f"CREATE SCHEMA {module}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {module} TO {roles}"))
    for what, kind in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
        connection.execute(text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {module} GRANT {what} ON {kind} TO {roles}"))


def _needed_for(plan: list[Revision], module: str) -> list[Revision]:
    needed: set[str] = set()
    chosen: list[Revision] = []
    for revision in reversed(plan):
        if revision.module == module or revision.id in needed:
            needed.update(revision.requires)
            needed.update([revision.down] if revision.down else [])
            chosen.append(revision)
    return list(reversed(chosen))
