"""One revision in one transaction: its schema made, Alembic run, the version table kept from the application."""

from collections.abc import Callable
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import orion_core.db.operations  # noqa: F401  registers the tenant operations
from orion_host.migrations.revisions import Branch, Revision
from orion_host.migrations.schemas import prepare_schema, protect_versions
from orion_host.migrations.waiting import Patience


def tried(
    connection: Connection,
    branch: Branch,
    revision: Revision,
    patience: Patience,
    before_commit: Callable[[Connection], None],
    *,
    forward: bool,
) -> Exception | None:
    """Run a revision once, or take it back, and return why that failed; it is undone then.

    Args:
        connection: A connection of the owner, outside of a transaction.
        branch: The module's branch.
        revision: One of its revisions.
        patience: How long its statements wait for locks.
        before_commit: Looks at the transaction when the revision's work is done.
        forward: ``False`` takes it back.
    """
    try:
        with connection.begin():
            connection.execute(text(patience.statement))
            prepare_schema(connection, revision.module)
            context = migration_context(connection, revision.module, fn=branch.step(revision, forward=forward))
            with Operations.context(context):
                context.run_migrations()
            protect_versions(connection)
            before_commit(connection)
    except Exception as error:  # noqa: BLE001  a revision may raise anything
        return error
    return None


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
