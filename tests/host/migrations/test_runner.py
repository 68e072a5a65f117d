"""Migrations on a real database: order, one at a time, a failure undone and named."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from orion_host.embedded import PostgresUrls
from orion_host.migrations.revisions import MigrationError
from orion_host.migrations.runner import LOCK, Migrator
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import do, rows, table


def migrator(urls: PostgresUrls, folders: dict[str, Path]) -> Migrator:
    return Migrator(urls.owner, folders)


def test_modules_interleave_and_stand_at_their_heads(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {
        "apples": module("apples", table("apples", "a"), table("apples", "b"), requires={2: ("pears_0001",)}),
        "pears": module("pears", table("pears", "p"), requires={1: ("apples_0001",)}),
    }
    it = migrator(empty, folders)
    assert [step.id for step in it.upgrade()] == ["apples_0001", "pears_0001", "apples_0002"]
    assert it.applied() == {"apples": "apples_0002", "pears": "pears_0001"}
    assert it.upgrade() == []
    it.close()


def test_a_failing_revision_leaves_its_module_at_the_one_before(empty: PostgresUrls, module: MakeModule) -> None:
    failing = table("apples", "b").replace("|", "; op.execute('SELECT 1/0')|")
    folders = {"apples": module("apples", table("apples", "a"), failing)}
    it = migrator(empty, folders)
    with pytest.raises(MigrationError, match=r"apples_0002 failed and was undone; apples stays at apples_0001"):
        it.upgrade()
    assert it.applied() == {"apples": "apples_0001"}
    with it.engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('apples.b')")) is None
    module("apples", table("apples", "a"), table("apples", "b"))
    mended = migrator(empty, folders)
    assert [step.id for step in mended.upgrade()] == ["apples_0002"]
    it.close()
    mended.close()


def test_a_second_upgrade_waits_for_the_first(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {"apples": module("apples", table("apples", "a"))}
    engine = create_engine(empty.owner)
    said: list[str] = []
    waiting = threading.Event()

    def report(line: str) -> None:
        said.append(line)
        waiting.set()

    it = migrator(empty, folders)
    with engine.connect() as first:
        first.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        second = threading.Thread(target=it.upgrade, args=(report,))
        second.start()
        assert waiting.wait(10)
        assert said == ["another upgrade is running; waiting for it"]
        assert it.applied() == {}
        first.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    second.join(10)
    assert it.applied() == {"apples": "apples_0001"}
    it.close()
    engine.dispose()


def test_a_module_whose_package_is_gone_rests(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {"apples": module("apples", table("apples", "a")), "pears": module("pears", table("pears", "p"))}
    whole = migrator(empty, folders)
    whole.upgrade()
    module("apples", table("apples", "a"), table("apples", "b"))
    rest = migrator(empty, {"apples": folders["apples"]})
    assert [step.id for step in rest.upgrade()] == ["apples_0002"]
    assert {status.module: status.state for status in rest.status()} == {"apples": "current", "pears": "absent"}
    with rest.engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('pears.p')")) is not None
    whole.close()
    rest.close()


def test_the_application_may_use_tables_but_not_alter_them(empty: PostgresUrls, module: MakeModule) -> None:
    it = migrator(empty, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    app = create_engine(empty.app)
    with app.connect() as connection:
        connection.execute(text("INSERT INTO apples.a VALUES (1)"))
        with pytest.raises(Exception, match="must be owner"):
            connection.execute(text("ALTER TABLE apples.a ADD COLUMN x int"))
    app.dispose()
    it.close()


def test_the_application_cannot_write_the_version_of_a_schema(empty: PostgresUrls, module: MakeModule) -> None:
    it = migrator(empty, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    for url in (empty.app, empty.platform):
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM apples.alembic_version")) == "apples_0001"
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text("UPDATE apples.alembic_version SET version_num = 'apples_0009'"))
        engine.dispose()
    it.close()


def test_an_upgrade_mends_a_database_whose_versions_the_application_can_write(
    empty: PostgresUrls, module: MakeModule
) -> None:
    it = migrator(empty, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    do(it.engine, "GRANT INSERT, UPDATE, DELETE ON apples.alembic_version TO orion_app, orion_platform")
    assert it.upgrade() == []
    writable = "SELECT has_table_privilege('orion_app', 'apples.alembic_version', 'INSERT, UPDATE, DELETE')"
    assert rows(it, writable) == [(False,)]
    it.close()


def test_strict_refuses_to_upgrade_anything_and_names_every_module(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {name: module(name, table(name, "t")) for name in ("apples", "pears", "plums")}
    first = migrator(empty, {"apples": folders["apples"]})
    first.upgrade()
    do(first.engine, "UPDATE apples.alembic_version SET version_num = 'apples_0009'")
    (folders["pears"] / "pears_0002_step.py").write_text("import nowhere_at_all\n")
    strict = migrator(empty, folders)
    with pytest.raises(MigrationError, match=r"migrations of pears cannot be read.*apples at apples_0009"):
        strict.upgrade()
    assert strict.applied() == {"apples": "apples_0009"}
    states = {each.module: (each.state, each.current) for each in strict.status()}
    assert states == {
        "apples": ("newer", "apples_0009"),
        "pears": ("unreadable", None),
        "plums": ("pending", None),
    }
    first.close()
    strict.close()


def test_quarantine_upgrades_the_rest_and_says_what_was_left_out(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {
        "apples": module("apples", table("apples", "a")),
        "pears": module("pears", table("pears", "p"), requires={1: ("apples_0001",)}),
        "plums": module("plums", table("plums", "p")),
    }
    (folders["apples"] / "apples_0002_step.py").write_text("import nowhere_at_all\n")
    it = Migrator(empty.owner, folders, policy="quarantine")
    said: list[str] = []
    assert [step.id for step in it.upgrade(said.append)] == ["plums_0001"]
    assert it.applied() == {"plums": "plums_0001"}
    told = "\n".join(said)
    assert "apples: left out: the migrations of apples cannot be read" in told
    assert "pears: left out: pears_0001 needs apples_0001, whose module is left out" in told
    with pytest.raises(MigrationError, match="pears_0001 needs apples_0001"):
        it.upgrade(module="pears")
    it.close()
