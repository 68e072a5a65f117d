"""Alembic operations for tenants and the law: policies, append-only tables, retention. Importing it registers them.

Policies name three settings of the transaction (``orion.store_id`` and so on). After a transaction such a setting
is an empty string rather than NULL, hence ``nullif``; unset or empty compares as NULL and lets no row through.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, Operations

APP_ROLE = "orion_app"
PLATFORM_ROLE = "orion_platform"


def setting(name: str) -> str:
    """Return the SQL expression for one tenant id of the transaction.

    Args:
        name: ``store``, ``merchant`` or ``platform``.
    """
    return f"nullif(current_setting('orion.{name}_id', true), '')::uuid"


SCOPES = {
    "store": f"store_id = {setting('store')}",
    "merchant": f"merchant_id = {setting('merchant')}",
    "platform": f"platform_id = {setting('platform')}",
    "owner": (
        "coalesce(store_id, merchant_id, platform_id) = "
        f"coalesce({setting('store')}, {setting('merchant')}, {setting('platform')})"
    ),
}


def policy_statements(schema: str, table: str, using: str, check: str | None = None) -> list[str]:
    """Return the SQL that puts a table under a forced tenant policy.

    Forced means for its owner too; the second policy names the owner, so that data migrations see all rows.

    Args:
        schema: Its schema.
        table: Its name.
        using: Which rows the application role sees.
        check: Which rows it may write; the same when omitted.
    """
    name = f"{schema}.{table}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {name} TO {APP_ROLE} USING ({using}) WITH CHECK ({check or using})",
        f"CREATE POLICY platform ON {name} TO {PLATFORM_ROLE}, CURRENT_USER USING (true) WITH CHECK (true)",
    ]


@Operations.register_operation("create_tenant_policy")
class CreateTenantPolicy(MigrateOperation):
    """Put a table under a forced tenant policy."""

    def __init__(
        self,
        table: str,
        schema: str,
        scope: str | None = None,
        using: str | None = None,
        check: str | None = None,
    ) -> None:
        if (scope is None) == (using is None):
            raise ValueError("name either a scope or a condition of your own")
        self.table, self.schema, self.scope, self.check = table, schema, scope, check
        self.using = SCOPES[scope] if scope is not None else str(using)

    @classmethod
    def create_tenant_policy(
        cls,
        operations: Operations,
        table: str,
        *,
        schema: str,
        scope: str | None = None,
        using: str | None = None,
        check: str | None = None,
    ) -> Any:
        """Enable and force row-level security with the policy of a scope, or one of your own.

        Args:
            operations: Given by Alembic.
            table: Table name.
            schema: Its schema.
            scope: ``store``, ``merchant``, ``platform`` or ``owner``.
            using: A condition instead of a scope.
            check: A condition for writing, if it differs.

        Raises:
            ValueError: Unless exactly one of ``scope`` and ``using`` is given.
        """
        return operations.invoke(cls(table, schema, scope, using, check))

    def reverse(self) -> "DropTenantPolicy":
        return DropTenantPolicy(self.table, self.schema)


@Operations.register_operation("drop_tenant_policy")
class DropTenantPolicy(MigrateOperation):
    """Take a table out of row-level security (for downgrades that keep the table)."""

    def __init__(self, table: str, schema: str) -> None:
        self.table, self.schema = table, schema

    @classmethod
    def drop_tenant_policy(cls, operations: Operations, table: str, *, schema: str) -> Any:
        """Drop both policies and switch row-level security off."""
        return operations.invoke(cls(table, schema))


@Operations.register_operation("make_append_only")
class MakeAppendOnly(MigrateOperation):
    """Let the application write rows of a table but never change or remove them."""

    def __init__(self, table: str, schema: str) -> None:
        self.table, self.schema = table, schema

    @classmethod
    def make_append_only(cls, operations: Operations, table: str, *, schema: str) -> Any:
        """Revoke UPDATE, DELETE and TRUNCATE from both application roles."""
        return operations.invoke(cls(table, schema))


LAW = "kept by law: "
"""How the comment of a table begins whose rows the law keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How long the law keeps the rows of a table; written into the table's comment, to be known without the module.

    Args:
        years: How many years.
        reason: Which law asks for it.
        since: The date column from which the years count; without one all rows count as kept.

    Raises:
        ValueError: If the years are not a number of years, or ``since`` cannot be a column.
    """

    years: int
    reason: str
    since: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.years, int) or self.years < 1:
            raise ValueError(f"{self.years!r} is not a number of years")
        if self.since is not None and not self.since.isidentifier():
            raise ValueError(f"{self.since!r} is not a column's name")

    def comment(self) -> str:
        """Return the text of the table's comment."""
        return LAW + json.dumps(asdict(self), ensure_ascii=False)


def law_in(comment: str | None) -> Law | None:
    """Return the law that a table's comment tells, or ``None`` if it tells none.

    Args:
        comment: The comment as the database has it.

    Raises:
        ValueError: If it begins like a law and cannot be read: it must not be taken for none.
    """
    if comment is None or not comment.startswith(LAW):
        return None
    try:
        return Law(**json.loads(comment.removeprefix(LAW)))
    except (TypeError, ValueError) as error:
        raise ValueError(f"this comment was not written by keep_by_law: {comment}") from error


@Operations.register_operation("keep_by_law")
class KeepByLaw(MigrateOperation):
    """Write down how long the law keeps a table's rows."""

    def __init__(self, table: str, schema: str, law: Law) -> None:
        self.table, self.schema, self.law = table, schema, law

    @classmethod
    def keep_by_law(
        cls, operations: Operations, table: str, *, schema: str, years: int, reason: str, since: str | None = None
    ) -> Any:
        """Have ``orion db purge`` refuse to drop rows that the law keeps, also when the module's package is gone.

        Args:
            operations: Given by Alembic.
            table: Table name.
            schema: Its schema.
            years: How long each row is kept.
            reason: Which law asks for it, for the person who is refused.
            since: The date column from which the years count; all rows are kept if omitted.
        """
        return operations.invoke(cls(table, schema, Law(years=years, reason=reason, since=since)))


@Operations.implementation_for(CreateTenantPolicy)
def _create_policy(operations: Operations, operation: CreateTenantPolicy) -> None:
    for statement in policy_statements(operation.schema, operation.table, operation.using, operation.check):
        operations.execute(statement)


@renderers.dispatch_for(CreateTenantPolicy)
def _render_policy(_context: Any, operation: CreateTenantPolicy) -> str:
    return f'op.create_tenant_policy("{operation.table}", schema="{operation.schema}", scope="{operation.scope}")'


@Operations.implementation_for(DropTenantPolicy)
def _drop_policy(operations: Operations, operation: DropTenantPolicy) -> None:
    name = f"{operation.schema}.{operation.table}"
    for statement in (
        f"DROP POLICY platform ON {name}",
        f"DROP POLICY tenant ON {name}",
        f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
    ):
        operations.execute(statement)


@Operations.implementation_for(MakeAppendOnly)
def _append_only(operations: Operations, operation: MakeAppendOnly) -> None:
    name = f"{operation.schema}.{operation.table}"
    operations.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {APP_ROLE}, {PLATFORM_ROLE}")


@Operations.implementation_for(KeepByLaw)
def _keep_by_law(operations: Operations, operation: KeepByLaw) -> None:
    operations.create_table_comment(operation.table, operation.law.comment(), schema=operation.schema)
