"""Writes modules that consist of migrations only, and looks at what they left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from orion_host.migrations.runner import Migrator


def write_module(folder: Path, *steps: str, requires: Mapping[int, tuple[str, ...]]) -> Path:
    """Write a migrations folder, named after its module, from the bodies of its revisions.

    A body may hold a second statement after ``|``, which takes the revision back.
    """
    folder.mkdir(exist_ok=True)
    name = folder.name
    for number, step in enumerate(steps, 1):
        body, _, back = step.partition("|")
        down = f"{name}_{number - 1:04d}" if number > 1 else None
        (folder / f"{name}_{number:04d}_step.py").write_text(
            f'"""Step {number}."""\n'
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '{name}_{number:04d}'\ndown_revision = {down!r}\n"
            f"branch_labels = {(name,) if number == 1 else None!r}\n"
            f"requires = {requires.get(number, ())!r}\n"
            f"def upgrade():\n    {body}\n"
            f"def downgrade():\n    {back.strip() or 'pass'}\n"
        )
    return folder


def table(schema: str, name: str) -> str:
    """Return the body of a revision that makes a table, and takes it away again."""
    make = f"op.create_table('{name}', sa.Column('id', sa.Integer, primary_key=True), schema='{schema}')"
    return f"{make}|op.drop_table('{name}', schema='{schema}')"


def rows(migrator: Migrator, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return what a statement answers."""
    with migrator.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def do(engine: Engine, *statements: str) -> None:
    """Run statements in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def contents(migrator: Migrator, *schemas: str) -> dict[str, list[str]]:
    """Return all rows of all tables of some schemas, each table's in a fixed order."""
    names = rows(
        migrator,
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = ANY (:schemas)",
        schemas=list(schemas),
    )
    return {
        name: [str(row) for (row,) in rows(migrator, f"SELECT t::text FROM {name} t ORDER BY 1")] for (name,) in names
    }
