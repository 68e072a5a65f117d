"""A dump holds every row and brings each one back; what it cannot hold or has no room for is refused."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.drift import all_differences
from orion_host.migrations.dumps import DumpRefused, dump, restore
from orion_host.migrations.purge import Surroundings, purge
from orion_host.migrations.runner import Migrator
from orion_host.migrations.tools import ToolFailed, find_tool
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import contents, do, table

ALONE = Surroundings(requires={}, kept=())


@pytest.fixture
def elsewhere(empty: PostgresUrls, three: Assembly) -> Iterator[Migrator]:
    """The same modules on an empty database."""
    migrator = Migrator(empty.owner, three.folders("migrations"))
    yield migrator
    migrator.close()


def test_a_purged_module_comes_back_row_by_row(migrator: Migrator, tmp_path: Path) -> None:
    before = contents(migrator, "core", "tenancy", "catalog")
    assert len(before["catalog.products"]) > 10
    file = tmp_path / "dumps" / "catalog.dump"
    assert dump(migrator, file, "catalog") == file.stat().st_size > 0
    purge(migrator, "catalog", ALONE)
    assert contents(migrator, "catalog") == {}
    assert restore(migrator, file) == ["catalog"]
    assert contents(migrator, "core", "tenancy", "catalog") == before
    assert migrator.upgrade() == []
    assert all_differences(migrator) == {}


def test_the_whole_database_comes_back_row_by_row_on_another(
    migrator: Migrator, elsewhere: Migrator, tmp_path: Path
) -> None:
    dump(migrator, tmp_path / "all.dump")
    assert restore(elsewhere, tmp_path / "all.dump") == ["catalog", "core", "tenancy"]
    schemas = ("core", "tenancy", "catalog")
    assert contents(elsewhere, *schemas) == contents(migrator, *schemas)
    assert all_differences(elsewhere) == {}


def test_a_dump_is_for_its_owners_eyes_only_and_never_written_over(migrator: Migrator, tmp_path: Path) -> None:
    file = tmp_path / "catalog.dump"
    dump(migrator, file, "catalog")
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DumpRefused, match="exists; name another file"):
        dump(migrator, file, "catalog")


def test_a_restore_touches_nothing_that_is_there(migrator: Migrator, elsewhere: Migrator, tmp_path: Path) -> None:
    dump(migrator, tmp_path / "catalog.dump", "catalog")
    dump(migrator, tmp_path / "all.dump")
    before = contents(migrator, "core", "tenancy", "catalog")
    with pytest.raises(DumpRefused, match="there is a schema catalog already"):
        restore(migrator, tmp_path / "catalog.dump")
    with pytest.raises(DumpRefused, match=r"dump of a whole database, and database market_.* is not empty"):
        restore(migrator, tmp_path / "all.dump")
    assert contents(migrator, "core", "tenancy", "catalog") == before
    do(elsewhere.engine, "CREATE TABLE public.notes (id int)")
    with pytest.raises(DumpRefused, match="it has notes"):
        restore(elsewhere, tmp_path / "all.dump")


def test_a_restore_that_fails_leaves_nothing_behind(migrator: Migrator, elsewhere: Migrator, tmp_path: Path) -> None:
    dump(migrator, tmp_path / "catalog.dump", "catalog")
    elsewhere.upgrade(module="tenancy")
    with pytest.raises(ToolFailed, match=r"pg_restore failed.*violates foreign key constraint"):
        restore(elsewhere, tmp_path / "catalog.dump")
    assert "catalog" not in elsewhere.applied()


def test_rows_that_the_owner_does_not_see_are_not_left_out_in_silence(
    empty: PostgresUrls, module: MakeModule, tmp_path: Path
) -> None:
    it = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    do(it.engine, "ALTER TABLE apples.a ENABLE ROW LEVEL SECURITY", "ALTER TABLE apples.a FORCE ROW LEVEL SECURITY")
    with pytest.raises(DumpRefused, match=r"does not see all rows of apples\.a"):
        dump(it, tmp_path / "apples.dump", "apples")
    assert list(tmp_path.glob("*.dump*")) == []
    it.close()


def test_a_module_without_a_schema_cannot_be_dumped(migrator: Migrator, tmp_path: Path) -> None:
    with pytest.raises(DumpRefused, match="there is no schema 'ghost' to dump"):
        dump(migrator, tmp_path / "ghost.dump", "ghost")


def test_another_file_is_not_taken_for_a_dump(migrator: Migrator, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bread, milk")
    with pytest.raises(ToolFailed, match="does not appear to be a valid archive"):
        restore(migrator, tmp_path / "notes.txt")


def test_a_tool_older_than_the_server_is_refused_by_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
    old.chmod(0o755)
    monkeypatch.setenv("ORION_POSTGRES_BIN", str(tmp_path))
    assert find_tool("pg_dump", 15) == old
    with pytest.raises(ToolFailed, match=r"(?s)Found no pg_dump 18.*is version 15.*The server is PostgreSQL 18"):
        find_tool("pg_dump", 18)


SPY = """#!{python}
import os, sys
if "--version" in sys.argv:
    print("pg_dump (PostgreSQL) 99.0")
else:
    open({seen!r}, "w").write(repr((sys.argv, os.environ["PGPASSWORD"])))
"""


def test_no_password_stands_on_a_command_line(
    migrator: Migrator, market: PostgresUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy, seen = tmp_path / "pg_dump", tmp_path / "seen"
    spy.write_text(SPY.format(python=sys.executable, seen=str(seen)))
    spy.chmod(0o755)
    monkeypatch.setenv("ORION_POSTGRES_BIN", str(tmp_path))
    dump(migrator, tmp_path / "catalog.dump", "catalog")
    arguments, password = eval(seen.read_text())
    assert password in market.owner
    assert not any(password in argument for argument in arguments)


def test_the_installed_tools_serve_the_embedded_server(postgres: EmbeddedPostgres) -> None:
    for name in ("pg_dump", "pg_restore"):
        answer = subprocess.run([find_tool(name, 18), "--version"], capture_output=True, text=True, check=True)
        assert answer.stdout.startswith(f"{name} (PostgreSQL)")
