"""A module's schema: what the application roles may do in it, and that they may not touch its version table."""

from sqlalchemy import Connection, text

from orion_core.db.operations import APP_ROLE, PLATFORM_ROLE

ROLES = f"{APP_ROLE}, {PLATFORM_ROLE}"
TABLE_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
"""What both application roles may do with a table whose revision takes nothing away."""

WRITABLE_VERSIONS = f"""
    SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'alembic_version' AND c.relkind = 'r' AND n.nspname <> 'public'
      AND pg_has_role(c.relowner, 'USAGE')
      AND (has_table_privilege('{APP_ROLE}', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_table_privilege('{PLATFORM_ROLE}', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
    ORDER BY 1
"""  # noqa: S608  constants
"""Schemas whose version table an application role can write, as all could before 2026-11-25."""


def schema_statements(module: str) -> list[str]:
    """Return the SQL that makes a module's schema and lets the application roles work in it.

    Args:
        module: The module's name.
    """
    defaults = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {module} GRANT"
    return [
        f"CREATE SCHEMA {module}",
        f"GRANT USAGE ON SCHEMA {module} TO {ROLES}",
        f"{defaults} {TABLE_RIGHTS} ON TABLES TO {ROLES}",
        f"{defaults} USAGE, SELECT ON SEQUENCES TO {ROLES}",
    ]


def prepare_schema(connection: Connection, module: str) -> None:
    """Make a module's schema unless it is there.

    Args:
        connection: A connection of the owner, in the transaction of the module's first revision.
        module: The module's name.
    """
    if not schema_exists(connection, module):
        for statement in schema_statements(module):
            connection.execute(text(statement))


def schema_exists(connection: Connection, name: str) -> bool:
    """Return whether there is a schema of that name."""
    return connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": name}) is not None


def protect_versions(connection: Connection) -> list[str]:
    """Take the right to write version tables from the application roles, to whom new tables are open.

    Args:
        connection: A connection of the owner, in a transaction.

    Returns:
        The schemas that needed it.
    """
    schemas = [str(name) for name in connection.scalars(text(WRITABLE_VERSIONS))]
    for schema in schemas:
        rights = "INSERT, UPDATE, DELETE, TRUNCATE"
        connection.execute(text(f'REVOKE {rights} ON "{schema}".alembic_version FROM {ROLES}'))
    return schemas
