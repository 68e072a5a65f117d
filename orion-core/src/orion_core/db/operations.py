"""Alembic operations for tenants: policies, append-only tables. Importing this module registers them.

Policies name three settings of the transaction (``orion.store_id`` and so on). After a transaction such a setting
is an empty string rather than NULL, hence ``nullif``; unset or empty compares as NULL and lets no row through.
"""

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
