"""Compares models with tables, one module at a time, and writes revisions from the difference."""

from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations import ops
from sqlalchemy import Connection, Table

from orion_core import OrionError
from orion_core.db import METADATA
from orion_core.db.operations import CreateTenantPolicy, law_in
from orion_host.migrations.revisions import MigrationError
from orion_host.migrations.runner import Migrator
from orion_host.migrations.steps import migration_context


class UnknownModule(OrionError):
    """No installed module of that name has migrations."""

    code = "unknown_module"


def differences(migrator: Migrator) -> dict[str, list[str]]:
    """Return what differs between models and tables, by module; empty if nothing does.

    Args:
        migrator: Gives the connection and the modules.
    """
    with migrator.engine.connect() as connection:
        found = {
            module: [_describe(item) for item in _up(_script(_context(connection, module))).as_diffs()]
            for module in migrator.branches
        }
    return {module: items for module, items in found.items() if items}


def write_revision(migrator: Migrator, module: str, message: str, *, autogenerate: bool) -> Path:
    """Write the next revision of a module.

    Args:
        migrator: Gives the connection and the module's branch.
        module: The module.
        message: What the revision does; part of its file name.
        autogenerate: Fill it from the difference between models and tables.

    Returns:
        The new file.

    Raises:
        UnknownModule: If no installed module of that name has migrations.
        MigrationError: If they cannot be read.
    """
    if module in migrator.unreadable:
        raise MigrationError(migrator.unreadable[module])
    branch = migrator.branches.get(module)
    if branch is None:
        raise UnknownModule(f"{module!r} is not installed or has no migrations folder")
    number = len(branch.revisions) + 1
    variables: dict[str, Any] = {"upgrades": "", "downgrades": ""}
    if autogenerate:
        variables |= _rendered(migrator, module)
    revision_id = f"{module}_{number:04d}"
    script = branch.scripts.generate_revision(
        revision_id,
        message,
        head="base" if branch.head is None else branch.head,
        branch_labels=module if branch.head is None else None,
        version_path=str(branch.folder),
        **variables,
    )
    if script is None or script.path is None:
        raise UnknownModule(f"no revision was written for {module}")
    return Path(script.path)


def _rendered(migrator: Migrator, module: str) -> dict[str, Any]:
    with migrator.engine.connect() as connection:
        context = _context(connection, module)
        script = _script(context)
        upgrade = _up(script)
        if script.downgrade_ops is None:
            return {}
        upgrade.ops = [step for operation in upgrade.ops for step in _with_policy(operation)]
        return {
            "upgrades": _rendered_steps(upgrade, context),
            "downgrades": _rendered_steps(script.downgrade_ops, context),
        }


def _script(context: Any) -> ops.MigrationScript:
    """Return the difference between models and tables, but for laws: those stand in the table's comment only."""
    script = produce_migrations(context, METADATA)
    for steps in (script.upgrade_ops, script.downgrade_ops):
        for change in steps.ops if steps else ():
            if isinstance(change, ops.ModifyTableOps):
                change.ops = [step for step in change.ops if not _is_law(step)]
    return script


def _is_law(step: ops.MigrateOperation) -> bool:
    if isinstance(step, ops.DropTableCommentOp):
        return law_in(step.existing_comment) is not None
    return isinstance(step, ops.CreateTableCommentOp) and law_in(step.comment) is not None


def _up(script: ops.MigrationScript) -> ops.UpgradeOps:
    assert script.upgrade_ops is not None, "produce_migrations makes both ways"
    return script.upgrade_ops


def _rendered_steps(steps: ops.OpContainer, context: Any) -> str:
    code = render_python_code(steps, migration_context=context)
    return "\n".join(line for line in code.splitlines() if "###" not in line).strip()


def _with_policy(operation: ops.MigrateOperation) -> list[ops.MigrateOperation]:
    if not isinstance(operation, ops.CreateTableOp):
        return [operation]
    scope = tenant_scope(METADATA.tables[f"{operation.schema}.{operation.table_name}"])
    if scope is None or operation.schema is None:
        return [operation]
    return [operation, CreateTenantPolicy(operation.table_name, operation.schema, scope)]


def tenant_scope(table: Table) -> str | None:
    """Return the tenant a table is scoped to (``store``, ``owner`` …), ``None`` for a global one.

    Args:
        table: A mapped table.
    """
    columns = set(table.columns.keys())
    if {"platform_id", "merchant_id", "store_id"} <= columns:
        return "owner"
    keys = {column.name for column in table.primary_key.columns}
    return next((scope for scope in ("store", "merchant", "platform") if f"{scope}_id" in keys), None)


def _context(connection: Connection, module: str) -> Any:
    def mine(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001
        return not (kind == "table" and (name == "alembic_version" or _object.schema != module))

    def schema_only(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "schema" or name == module

    return migration_context(
        connection,
        module,
        target_metadata=METADATA,
        include_schemas=True,
        include_name=schema_only,
        include_object=mine,
        compare_type=True,
        user_module_prefix="sa.",
    )


def _describe(item: Any) -> str:
    parts = item[0] if isinstance(item, list) else item
    subject = parts[-1]
    name = getattr(subject, "name", subject)
    return f"{parts[0]} {name}"
