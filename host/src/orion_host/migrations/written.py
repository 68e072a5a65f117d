"""Writes down the SQL of revisions without running them: for people who review it, and for linters."""

from collections.abc import Iterator

from alembic.operations import Operations
from sqlalchemy import Connection, text

from orion_host.migrations.revisions import Branch, MigrationError, Revision
from orion_host.migrations.runner import Migrator
from orion_host.migrations.schemas import ROLES, schema_exists, schema_statements
from orion_host.migrations.steps import migration_context


class CannotWrite(MigrationError):
    """A revision's SQL depends on what earlier revisions make."""

    code = "revision_not_writable"


class _Statements:
    """Takes Alembic's output, which writes one statement at a time."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def write(self, statement: str) -> None:
        self.all.append(statement.strip())

    def flush(self) -> None:
        """Nothing is held back."""


def written(connection: Connection, branch: Branch, revision: Revision) -> list[str]:
    """Return the statements of a revision, the one that moves its version row included.

    What the revision asks the database it asks the present one, which it cannot change meanwhile.

    Args:
        connection: A connection of the owner, outside of a transaction.
        branch: The module's branch.
        revision: One of its revisions.

    Raises:
        CannotWrite: If it asks for something that is not there yet, or is not there any more.
    """
    output = _Statements()
    with connection.begin() as transaction:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        context = migration_context(
            connection,
            branch.module,
            fn=branch.step(revision),
            as_sql=True,
            starting_rev=revision.down,
            output_buffer=output,
        )
        context.impl.connection = connection  # what op.get_bind() gives to a revision that asks
        try:
            with Operations.context(context):
                context.run_migrations()
        except Exception as error:
            raise CannotWrite(
                f"{revision.id} asks the database while it runs, and cannot be written down against this one: {error}"
            ) from error
        finally:
            transaction.rollback()
    return output.all


def written_plan(migrator: Migrator, steps: list[Revision]) -> Iterator[str]:
    """Yield the SQL of an upgrade as somebody could run it by hand, as the owner.

    Args:
        migrator: Gives the connection and the branches.
        steps: What to write down.

    Yields:
        A statement with its semicolon, or a comment.

    Raises:
        CannotWrite: If a revision cannot be written down.
    """
    with migrator.engine.connect() as connection:
        for revision in steps:
            yield f"-- {revision.id}: {revision.doc}"
            yield "BEGIN;"
            yield f"{migrator.patience.statement};"
            first = revision.down is None
            if first and not _exists(connection, revision.module):
                yield from (f"{statement};" for statement in schema_statements(revision.module))
            yield from written(connection, migrator.branches[revision.module], revision)
            if first:
                rights = "INSERT, UPDATE, DELETE, TRUNCATE"
                yield f"REVOKE {rights} ON {revision.module}.alembic_version FROM {ROLES};"
            yield "COMMIT;"


def _exists(connection: Connection, schema: str) -> bool:
    with connection.begin():
        return schema_exists(connection, schema)
