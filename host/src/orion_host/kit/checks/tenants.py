"""Tenants are kept apart: every tenant's table under a forced policy, tried with rows of two tenants and plain SQL."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Executable, Table, and_, create_engine, delete, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError

from orion_core.context import RequestContext
from orion_core.db.session import begin_statement
from orion_core.ids import new_id
from orion_host.kit.findings import Found, check
from orion_host.kit.living import tenant_of
from orion_host.kit.subject import Subject
from orion_host.migrations.autogenerate import tenant_scope

FIX = "Call op.create_tenant_policy(table, schema=..., scope=...) in its migration."
_STATE = """
    SELECT c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           (SELECT count(*) FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname
             AND 'orion_app' = ANY (p.roles) AND p.qual IS DISTINCT FROM 'true') AS policies,
           (SELECT count(*) FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname
             AND 'orion_app' = ANY (p.roles) AND p.qual = 'true') AS open
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname = :name
"""


def _tenant_tables(subject: Subject) -> list[Table]:
    return [table for table in subject.tables if tenant_scope(table) is not None]


@check("tenant-policies", "Every table of tenants is under a forced policy", needs="tables")
def tenant_policies(subject: Subject) -> Iterator[Found]:
    """Asks PostgreSQL for each table's state after the migrations."""
    with subject.trial.owner.connect() as connection:
        for table in _tenant_tables(subject):
            row = connection.execute(text(_STATE), {"schema": table.schema, "name": table.name}).one_or_none()
            if row is None:
                continue
            if not row.enabled or not row.policies:
                yield Found(table.fullname, "has no tenant policy.", FIX)
            elif not row.forced:
                yield Found(table.fullname, "has a policy that is not forced, so its owner passes by.", FIX)
            elif row.open:
                yield Found(table.fullname, "has a policy that lets everybody in.", FIX)


@check("tenant-isolation", "No tenant reads, changes, removes or adds another tenant's rows", needs="tables")
def tenant_isolation(subject: Subject) -> Iterator[Found]:
    """Puts a row of one tenant into each table, and tries as another tenant and as none, in SQL, as the app's role."""
    strangers = (RequestContext(tenant=tenant_of({name: new_id() for name in subject.mine})), RequestContext())
    app = create_engine(subject.trial.urls.app, isolation_level="AUTOCOMMIT", pool_size=1)
    try:
        with app.connect() as connection:
            for table in _tenant_tables(subject):
                row = subject.rows[table.fullname]
                if isinstance(row, str):
                    fact = f"could not be tried, because no row could be made up for it: {row}"
                    yield Found(table.fullname, fact, is_note=True)
                    continue
                for stranger in strangers:
                    yield from (Found(table.fullname, fact, FIX) for fact in _reached(connection, table, row, stranger))
    finally:
        app.dispose()


def _reached(connection: Connection, table: Table, row: Mapping[str, Any], context: RequestContext) -> list[str]:
    """Return what somebody else may do with a row."""
    who = "another tenant" if context.tenant else "a session without a tenant"
    here = and_(*(column == row[column.name] for column in table.primary_key.columns))
    first = next(iter(table.columns))
    attempts = {
        "read": select(literal(1)).select_from(table).where(here),
        "change": update(table).where(here).values({first: first}),
        "remove": delete(table).where(here),
    }
    done = [what for what, statement in attempts.items() if _touches(connection, context, statement)]
    if context.tenant and _adds(connection, context, table, row):
        done.append("add to")
    return [f"lets {who} {', '.join(done)} a tenant's rows."] if done else []


def _touches(connection: Connection, context: RequestContext, statement: Executable) -> bool:
    """Tell whether a statement reaches a row; it does not if the role may not run it at all."""
    try:
        connection.exec_driver_sql(begin_statement(context))
        result = connection.execute(statement)
        return bool(result.all() if result.returns_rows else result.rowcount)
    except DBAPIError:
        return False
    finally:
        connection.exec_driver_sql("ROLLBACK")


def _adds(connection: Connection, context: RequestContext, table: Table, row: Mapping[str, Any]) -> bool:
    """Tell whether a row of the first tenant can be added; only the policy's refusal, which comes first, counts."""
    own = {column: row[column.name] for column in table.columns if column.identity is None and column.computed is None}
    try:
        connection.exec_driver_sql(begin_statement(context))
        connection.execute(insert(table).values(own))
    except DBAPIError as error:
        return "row-level security" not in str(error) and "permission denied" not in str(error)
    finally:
        connection.exec_driver_sql("ROLLBACK")
    return True


CHECKS = (tenant_policies, tenant_isolation)
