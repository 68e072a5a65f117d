"""Everything in which a database can differ from its models and migrations: tables, policies, rights, roles."""

from sqlalchemy import Connection, text

from orion_core.db.operations import APP_ROLE, PLATFORM_ROLE
from orion_host.migrations.autogenerate import differences
from orion_host.migrations.runner import Migrator
from orion_host.migrations.schemas import WRITABLE_VERSIONS
from orion_host.migrations.twins import guard_differences, guarding_statements
from orion_host.migrations.written import CannotWrite, written

DATABASE = "database"
"""Under which name differences stand that are no module's."""

UNPROTECTED = """
    SELECT DISTINCT n.nspname AS schema, c.relname AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('store_id', 'merchant_id', 'platform_id')
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity
               AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY 1, 2
"""
"""Tables with a tenant's column but without a forced policy; there must be none."""

TOO_STRONG = f"""
    SELECT rolname || ' is a superuser' FROM pg_roles WHERE rolsuper AND rolname IN ('{APP_ROLE}', '{PLATFORM_ROLE}')
    UNION ALL
    SELECT rolname || ' can bypass row-level security' FROM pg_roles
    WHERE rolbypassrls AND rolname IN ('{APP_ROLE}', '{PLATFORM_ROLE}')
    UNION ALL
    SELECT rolname || ' is a member of ' || current_user FROM pg_roles
    WHERE rolname IN ('{APP_ROLE}', '{PLATFORM_ROLE}') AND pg_has_role(oid, current_user, 'MEMBER')
    UNION ALL
    SELECT pg_get_userbyid(relowner) || ' owns ' || oid::regclass FROM pg_class
    WHERE pg_get_userbyid(relowner) IN ('{APP_ROLE}', '{PLATFORM_ROLE}') AND relpersistence <> 't'
    UNION ALL
    SELECT pg_get_userbyid(proowner) || ' owns ' || oid::regprocedure FROM pg_proc
    WHERE pg_get_userbyid(proowner) IN ('{APP_ROLE}', '{PLATFORM_ROLE}')
    UNION ALL
    SELECT pg_get_userbyid(nspowner) || ' owns schema ' || nspname FROM pg_namespace
    WHERE pg_get_userbyid(nspowner) IN ('{APP_ROLE}', '{PLATFORM_ROLE}') AND nspname NOT LIKE 'pg\\_%'
"""  # noqa: S608  constants


def all_differences(migrator: Migrator) -> dict[str, list[str]]:
    """Return all differences by module; empty if there are none.

    Roles that are too strong come alone, under ``database``: the owner may not even see what they took over.

    Args:
        migrator: Gives the connection and the modules.
    """
    with migrator.engine.connect() as connection:
        too_strong = [str(fact) for fact in connection.scalars(text(TOO_STRONG))]
    if too_strong:
        return {DATABASE: too_strong}
    found = differences(migrator)
    with migrator.engine.connect() as connection:
        guards = {module: _guards(connection, migrator, module) for module in migrator.branches}
        unprotected = _unprotected(connection, migrator)
    return {
        module: facts
        for module in [*migrator.branches, *(unprotected.keys() - migrator.branches.keys())]
        if (facts := [*found.get(module, []), *guards.get(module, []), *unprotected.get(module, [])])
    }


def _guards(connection: Connection, migrator: Migrator, module: str) -> list[str]:
    branch = migrator.branches[module]
    current = migrator.applied().get(module)
    ids = [revision.id for revision in branch.revisions]
    applied = branch.revisions[: ids.index(current) + 1] if current in ids else ()
    try:
        statements = [statement for each in applied for statement in written(connection, branch, each)]
    except CannotWrite as error:
        return [f"policies and rights cannot be compared: {error.detail}"]
    with connection.begin() as transaction:
        facts = [
            fact
            for table, said in guarding_statements(statements).items()
            if not table.endswith(".alembic_version")
            for fact in guard_differences(connection, table, said)
        ]
        transaction.rollback()
    return facts


def _unprotected(connection: Connection, migrator: Migrator) -> dict[str, list[str]]:
    with connection.begin():
        found: dict[str, list[str]] = {}
        for schema, name in connection.execute(text(UNPROTECTED)):
            if schema in migrator.branches:
                found.setdefault(schema, []).append(f"tenant table {schema}.{name} has no forced policy")
        for schema in connection.scalars(text(WRITABLE_VERSIONS)):
            fact = f"{schema}.alembic_version can be written by the application; `orion db upgrade` mends it"
            found.setdefault(schema, []).append(fact)
        return found
