"""The SQL of a plan does by hand what an upgrade does, and writing it down changes nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from orion_host.assembly import Assembly
from orion_host.embedded import PostgresUrls
from orion_host.migrations.drift import all_differences
from orion_host.migrations.runner import Migrator
from orion_host.migrations.written import CannotWrite, written_plan
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import rows, table


@pytest.fixture
def blank(empty: PostgresUrls, assembly: Assembly) -> Iterator[Migrator]:
    """All modules on an empty database."""
    migrator = Migrator(empty.owner, assembly.folders("migrations"))
    yield migrator
    migrator.close()


def test_what_is_written_down_does_what_an_upgrade_does(blank: Migrator) -> None:
    statements = list(written_plan(blank, blank.plan().steps))
    assert blank.applied() == {}
    with blank.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            if not statement.startswith("--"):
                connection.exec_driver_sql(statement)
    assert blank.plan().steps == []
    assert all_differences(blank) == {}


def test_a_revision_cannot_change_anything_while_it_is_written_down(empty: PostgresUrls, module: MakeModule) -> None:
    changes = "op.get_bind().execute(sa.text('CREATE TABLE public.sneaky (id int)'))"
    it = Migrator(empty.owner, {"apples": module("apples", changes)})
    with pytest.raises(CannotWrite, match=r"apples_0001 asks the database while it runs.*read-only transaction"):
        list(written_plan(it, it.plan().steps))
    assert rows(it, "SELECT to_regclass('public.sneaky')") == [(None,)]
    it.close()


def test_a_later_revision_is_written_down_without_the_schemas_beginnings(
    empty: PostgresUrls, module: MakeModule
) -> None:
    it = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    it.close()
    it = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"), "op.execute('SELECT 42')")})
    statements = list(written_plan(it, it.plan().steps))
    assert statements[:3] == ["-- apples_0002: Step 2.", "BEGIN;", "SET LOCAL lock_timeout = '5000ms';"]
    assert "SELECT 42;" in statements
    assert not any("CREATE" in statement for statement in statements)
    it.close()


def test_the_sql_of_a_plan_protects_the_version_table(blank: Migrator, empty: PostgresUrls) -> None:
    steps = [step for step in blank.plan().steps if step.module == "core"]
    with blank.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in written_plan(blank, steps):
            if not statement.startswith("--"):
                connection.exec_driver_sql(statement)
    app = blank.on(empty.app)
    with app.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("DELETE FROM core.alembic_version"))
    app.close()
