"""No revision locks out the application for long: squawk reads the SQL of every one of them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.assembly import Assembly
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres
from orion_host.migrations.runner import Migrator
from orion_host.migrations.written import written_plan

EXCLUDED = {
    "prefer-bigint-over-int": "counters, quantities and amounts of one row; primary keys are UUIDs",
    "require-statement-timeout": "the runner limits how long a statement waits for a lock, which is what hurts others; "
    "moving a large table's data may take its time",
}
"""Rules that are not ours, each with the reason."""

ACCEPTED = {
    "core_0003 require-concurrent-index-creation": "writers wait 0.1 s for each 100,000 records (PostgreSQL 18.6, "
    "2026-11-25), which are those of one month; a revision that is not one transaction could be left half done",
    "orders_0006 require-concurrent-index-creation": "writers wait 0.05 s for each 100,000 lines (PostgreSQL 18.6, "
    "2026-11-25), and the index holds only lines that stand on no invoice",
}
"""What single revisions may do all the same, each with the reason."""

SAFE = "op.create_table('a', sa.Column('id', sa.Uuid, primary_key=True), schema='apples')"
BAD = "op.alter_column('a', 'id', type_=sa.Text, schema='apples')"
ASKS = "op.get_bind().execute(sa.text('SELECT id FROM apples.a'))"


@pytest.fixture
def migrator(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Iterator[Migrator]:
    migrator = Migrator(postgres.urls(template).owner, assembly.folders("migrations"))
    yield migrator
    migrator.close()


@pytest.fixture
def planted(postgres: EmbeddedPostgres, template: str, tmp_path: Path) -> Iterator[Migrator]:
    """A module whose second revision is bad, and whose third one asks for the table of the first."""
    folder = tmp_path / "apples"
    folder.mkdir()
    for number, body in enumerate((SAFE, BAD, ASKS), 1):
        down = f"apples_{number - 1:04d}" if number > 1 else None
        (folder / f"apples_{number:04d}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = 'apples_{number:04d}'\n"
            f"down_revision = {down!r}\ndef upgrade():\n    {body}\ndef downgrade():\n    pass\n"
        )
    migrator = Migrator(postgres.urls(template).owner, {"apples": folder})
    yield migrator
    migrator.close()


def faults(migrator: Migrator, revision: str, folder: Path) -> list[str]:
    """Return what squawk says about a revision's SQL; the version table is Alembic's affair."""
    (planned,) = [each for branch in migrator.branches.values() for each in branch.revisions if each.id == revision]
    statements = [each for each in written_plan(migrator, [planned]) if "alembic_version" not in each]
    file = folder / f"{revision}.sql"
    file.write_text("\n".join(statements))
    squawk = str(Path(sys.executable).with_name("squawk"))
    command = [squawk, "--reporter", "json", "--exclude", ",".join(EXCLUDED), str(file)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(answer.stdout)
    return [
        f"{revision}:{each['line']} {each['rule_name']}"
        for each in found
        if f"{revision} {each['rule_name']}" not in ACCEPTED
    ]


@pytest.mark.parametrize("module", [module.name for module in installed_modules()])
def test_squawk_finds_nothing_in_a_modules_revisions(module: str, migrator: Migrator, tmp_path: Path) -> None:
    revisions = [revision.id for revision in migrator.revisions.get(module, ())]
    assert [fault for each in revisions for fault in faults(migrator, each, tmp_path)] == []


def test_squawk_catches_a_revision_that_rewrites_a_table(planted: Migrator, tmp_path: Path) -> None:
    assert faults(planted, "apples_0001", tmp_path) == []
    assert any("changing-column-type" in fault for fault in faults(planted, "apples_0002", tmp_path))


def test_a_revision_that_asks_for_what_is_not_there_yet_says_so(planted: Migrator, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"apples_0003 asks the database while it runs.*apples\.a"):
        faults(planted, "apples_0003", tmp_path)
