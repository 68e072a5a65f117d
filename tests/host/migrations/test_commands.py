"""The commands of ``orion db`` as a person runs them: what they ask, print and answer to programs."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orion_host.assembly import Assembly
from orion_host.embedded import PostgresUrls
from orion_host.migrations.runner import Migrator
from tests.host.assembly.examples import PLUGIN
from tests.host.migrations.revisions import contents, do, rows, table, write_module
from tests.kit.generated import note_installation
from tests.running import ORION, clean_environment

Run = Callable[..., subprocess.CompletedProcess[str]]
USERS = """
INSERT INTO tenancy.users (id, email, name, locale, is_platform_admin, is_active, version)
    SELECT gen_random_uuid(), name || '@example.lu', name, 'lb', false, true, 1
    FROM unnest(ARRAY['anne', 'bob', 'carl']) AS name
"""


@pytest.fixture
def apples(tmp_path: Path) -> Path:
    """Write a module that nothing else can require, beside what installing it would leave; return its package."""
    note_installation(tmp_path, "apples", "orion-apples", ("orion-commerce-core",))
    package = tmp_path / "src" / "orion_apples"
    package.mkdir()
    package.joinpath("__init__.py").touch()
    plugin = PLUGIN.format(name="apples", tier="OPTIONAL", requires=("core",), contract=">=1,<2", body="")
    package.joinpath("plugin.py").write_text(plugin)
    written = write_module(tmp_path / "apples", table("apples", "a"), table("apples", "b"), requires={})
    written.rename(package / "migrations")
    return package


@pytest.fixture
def migrator(urls: PostgresUrls, assembly: Assembly, apples: Path) -> Iterator[Migrator]:
    """Return the migrator of an installation with everything and the apples, which have two rows."""
    migrator = Migrator(urls.owner, {**assembly.folders("migrations"), "apples": apples / "migrations"})
    migrator.upgrade()
    do(migrator.engine, "INSERT INTO apples.a VALUES (1), (2)")
    yield migrator
    migrator.close()


@pytest.fixture
def run(urls: PostgresUrls, migrator: Migrator, apples: Path, tmp_path: Path) -> Run:
    """Run ``orion db`` there; ``typed`` is what a person types."""
    environment = clean_environment(tmp_path / "data") | {
        "PYTHONPATH": str(apples.parent),
        "ORION_DATABASE_URL": urls.app,
        "ORION_DATABASE_PLATFORM_URL": urls.platform,
        "ORION_DATABASE_OWNER_URL": urls.owner,
    }

    def run_it(*arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [*ORION, "db", *arguments]
        return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, env=environment | more)

    return run_it


def test_a_purge_shows_its_plan_asks_for_the_name_and_dumps_first(run: Run, migrator: Migrator, tmp_path: Path) -> None:
    before = contents(migrator, "apples")
    assert before["apples.a"] == ["(1)", "(2)"]
    refused = run("purge", "apples", typed="apple\n")
    assert refused.returncode == 1
    assert "No other module keeps anything about apples." in refused.stdout
    assert "That is another name; nothing was changed." in refused.stderr
    assert contents(migrator, "apples") == before
    done = run("purge", "apples", typed="apples\n")
    assert done.returncode == 0, done.stderr
    assert "apples is purged." in done.stdout
    assert "Its package is still installed" in done.stdout
    (file,) = (tmp_path / "data" / "dumps").glob("apples-*.dump")
    assert run("restore", str(file), "--yes").returncode == 0
    assert contents(migrator, "apples") == before


def test_a_purge_answers_programs_with_one_value(run: Run, migrator: Migrator) -> None:
    plan = json.loads(run("purge", "apples", "--plan", "--json").stdout)
    assert {found["name"]: found["rows"] for found in plan["tables"]} == {"a": 2, "b": 0}
    answer = json.loads(run("purge", "apples", "--yes", "--no-dump", "--json").stdout)
    assert answer["module"] == "apples"
    assert answer["dump"] is None
    assert "apples" not in migrator.applied()


def test_nothing_is_purged_if_the_dump_fails(run: Run, migrator: Migrator, tmp_path: Path) -> None:
    before = contents(migrator, "apples")
    answer = run("purge", "apples", "--yes", ORION_POSTGRES_BIN=str(tmp_path))
    assert answer.returncode == 1
    assert "Found no pg_dump 18 or newer" in answer.stderr
    assert contents(migrator, "apples") == before


def test_status_tells_who_is_absent_newer_or_left_something_behind(run: Run, migrator: Migrator) -> None:
    do(
        migrator.engine,
        "UPDATE catalog.alembic_version SET version_num = 'catalog_0099'",
        "CREATE SCHEMA ghost",
        "CREATE TABLE ghost.alembic_version AS SELECT 'ghost_0003'::text AS version_num",
        "INSERT INTO core.setting_value (id, module, field, value) VALUES (gen_random_uuid(), 'spook', 'x', '1')",
        "INSERT INTO core.setting_value (id, module, field, value) VALUES (gen_random_uuid(), 'ghost', 'x', '1')",
    )
    found = {row["module"]: row for row in json.loads(run("status", "--json").stdout)}
    assert found["core"]["state"] == "current"
    assert found["catalog"]["state"] == "newer"
    assert (found["ghost"]["state"], found["ghost"]["current"]) == ("absent", "ghost_0003")
    assert (found["spook"]["state"], found["spook"]["remark"]) == ("orphan", "1 settings (core)")


def test_one_module_that_is_newer_stops_others_under_the_strict_policy_only(run: Run, migrator: Migrator) -> None:
    do(migrator.engine, "UPDATE catalog.alembic_version SET version_num = 'catalog_0099'")
    strict = run("upgrade")
    assert strict.returncode == 1
    assert "the database has catalog at catalog_0099" in strict.stderr
    lenient = run("upgrade", ORION_ON_MODULE_ERROR="quarantine")
    assert lenient.returncode == 0, lenient.stderr
    assert "catalog: left out" in lenient.stdout


def test_a_check_ends_with_an_error_when_something_differs(run: Run, migrator: Migrator) -> None:
    do(migrator.engine, "DROP SCHEMA apples CASCADE")  # it has no models
    assert run("check", PYTHONPATH="").stdout == "Models, tables, policies and rights agree.\n"
    do(migrator.engine, "REVOKE SELECT ON catalog.products FROM orion_app")
    answer = run("check", PYTHONPATH="")
    assert answer.returncode == 1
    assert "catalog: missing right on catalog.products: orion_app SELECT" in answer.stderr


def test_a_copy_is_neutralised_after_its_name_was_typed(run: Run, migrator: Migrator, urls: PostgresUrls) -> None:
    name = urls.owner.rpartition("/")[2]
    do(migrator.engine, USERS)
    assert run("neutralize", typed="orion\n").returncode == 1
    (kept,) = rows(migrator, "SELECT email FROM tenancy.users ORDER BY email LIMIT 1")
    answer = run("neutralize", "--keep", kept[0].upper(), typed=f"{name}\n")
    assert answer.returncode == 0, answer.stderr
    assert "addresses of users made undeliverable" in answer.stdout
    left = rows(migrator, "SELECT email FROM tenancy.users WHERE email NOT LIKE '%@example.invalid'")
    assert left == [kept]


def test_a_rehearsal_on_a_server_of_ones_own_needs_a_place(run: Run, migrator: Migrator, other: PostgresUrls) -> None:
    migrator.downgrade("apples", "apples_0001")
    assert "make an empty database on a server of your own" in run("rehearse").stderr
    answer = run("rehearse", "--on", other.owner, "--json")
    (step,) = json.loads(answer.stdout)
    assert step["revision"] == "apples_0002"
    assert step["failure"] == step["back"] == ""
    assert migrator.applied()["apples"] == "apples_0001"


def test_a_plan_can_be_read_as_sql(run: Run, migrator: Migrator) -> None:
    migrator.downgrade("apples", "apples_0001")
    answer = run("plan", "--sql")
    assert "CREATE TABLE apples.b" in answer.stdout
    assert migrator.applied()["apples"] == "apples_0001"


def test_a_dump_can_be_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.dump"
    answer = json.loads(run("dump", "apples", "--file", str(file), "--json").stdout)
    assert answer == {"file": str(file), "bytes": file.stat().st_size}
