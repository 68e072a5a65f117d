"""A rehearsal tells what an upgrade will do, does it to a copy only, and leaves no copy behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.copying import NoPlaceForCopy, copy_of
from orion_host.migrations.dumps import DumpRefused
from orion_host.migrations.rehearsal import RehearsalFailed, Rehearsed, refuse_failures, rehearse
from orion_host.migrations.runner import Migrator, say_nothing
from orion_host.settings import HostSettings
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import contents, do, rows, table

ADD = "op.add_column('a', sa.Column('b', sa.Integer), schema='apples')|op.drop_column('a', 'b', schema='apples')"
INDEX = "op.create_index('ix_a', 'a', ['id'], schema='apples')|op.execute('SELECT 1/0')"
TOO_MUCH = "op.execute('ALTER TABLE apples.a ADD CHECK (id < 2)')"


@pytest.fixture
def pending(empty: PostgresUrls, module: MakeModule) -> Iterator[Migrator]:
    """One table with two rows, and three revisions that are still to run; the last one will fail."""
    first = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"))})
    first.upgrade()
    do(first.engine, "INSERT INTO apples.a VALUES (1), (2)")
    first.close()
    steps = (table("apples", "a"), ADD, INDEX, TOO_MUCH)
    migrator = Migrator(empty.owner, {"apples": module("apples", *steps)})
    yield migrator
    migrator.close()


def run_on(migrator: Migrator, url: str) -> list[Rehearsed]:
    with copy_of(migrator, HostSettings(), url, say_nothing) as copy:
        return rehearse(migrator.on(copy))


def test_each_revision_tells_its_locks_its_way_back_and_its_failure(pending: Migrator, other: PostgresUrls) -> None:
    added, indexed, failed = run_on(pending, other.owner)
    assert added.revision == "apples_0002"
    assert added.locks == {"apples.a": "AccessExclusiveLock"}
    assert (added.back, added.failure) == ("", "")
    assert added.seconds > 0
    assert indexed.locks == {"apples.a": "ShareLock"}
    assert "division by zero" in indexed.back
    assert "apples_0004 failed and was undone" in failed.failure
    with pytest.raises(RehearsalFailed, match="the upgrade would fail: apples_0004"):
        refuse_failures([added, indexed, failed])
    refuse_failures([added, indexed])


def test_only_the_copy_is_changed_and_it_is_emptied(pending: Migrator, other: PostgresUrls) -> None:
    before = contents(pending, "apples")
    run_on(pending, other.owner)
    assert contents(pending, "apples") == before
    there = pending.on(other.owner)
    assert there.applied() == {}
    there.close()


def test_the_embedded_server_makes_a_copy_of_its_own_and_drops_it(
    migrator: Migrator, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORION_DATABASE_URL", raising=False)
    copies = "SELECT count(*) FROM pg_database WHERE datname LIKE 'rehearsal%'"
    settings = HostSettings(data_dir=postgres._folder.path.parent)
    with copy_of(migrator, settings, None, say_nothing) as url:
        copy = migrator.on(url)
        assert contents(copy, "core", "tenancy", "catalog") == contents(migrator, "core", "tenancy", "catalog")
        copy.close()
        assert rows(migrator, copies) == [(1,)]
    assert rows(migrator, copies) == [(0,)]


def test_where_no_embedded_server_runs_a_place_has_to_be_named(
    migrator: Migrator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORION_DATABASE_URL", raising=False)
    nowhere = copy_of(migrator, HostSettings(data_dir=tmp_path), None, say_nothing)
    with pytest.raises(NoPlaceForCopy, match="No PostgreSQL runs in"), nowhere:
        pass


def test_a_database_that_is_in_use_is_not_taken_for_a_copy(migrator: Migrator, other: PostgresUrls) -> None:
    there = migrator.on(other.owner)
    there.upgrade()
    before = contents(there, "core", "tenancy")
    with pytest.raises(DumpRefused, match="a rehearsal needs an empty database"):
        run_on(migrator, other.owner)
    assert contents(there, "core", "tenancy") == before
    there.close()
