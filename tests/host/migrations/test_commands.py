"""The commands of ``orion db`` as a person runs them: what they ask, print and answer to programs."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orion_host.embedded import PostgresUrls
from orion_host.migrations.runner import Migrator
from tests.host.migrations.revisions import contents, do, rows
from tests.running import ORION, clean_environment

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(market: PostgresUrls, tmp_path: Path) -> Run:
    """Run ``orion db`` on the marketplace; ``typed`` is what a person types."""
    environment = clean_environment(tmp_path / "data") | {
        "ORION_DATABASE_URL": market.app,
        "ORION_DATABASE_PLATFORM_URL": market.platform,
        "ORION_DATABASE_OWNER_URL": market.owner,
    }

    def run_it(*arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [*ORION, "db", *arguments]
        return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, env=environment | more)

    return run_it


def test_a_purge_shows_its_plan_asks_for_the_name_and_dumps_first(run: Run, migrator: Migrator, tmp_path: Path) -> None:
    before = contents(migrator, "catalog")
    refused = run("purge", "catalog", typed="catalogue\n")
    assert refused.returncode == 1
    assert "No other module keeps anything about catalog." in refused.stdout
    assert "That is another name; nothing was changed." in refused.stderr
    assert contents(migrator, "catalog") == before
    done = run("purge", "catalog", typed="catalog\n")
    assert done.returncode == 0, done.stderr
    assert "catalog is purged." in done.stdout
    assert "Its package is still installed" in done.stdout
    (file,) = (tmp_path / "data" / "dumps").glob("catalog-*.dump")
    assert run("restore", str(file), "--yes").returncode == 0
    assert contents(migrator, "catalog") == before


def test_a_purge_answers_programs_with_one_value(run: Run, migrator: Migrator) -> None:
    plan = json.loads(run("purge", "catalog", "--plan", "--json").stdout)
    assert {found["name"] for found in plan["tables"]} >= {"products", "variants"}
    answer = json.loads(run("purge", "catalog", "--yes", "--no-dump", "--json").stdout)
    assert answer["module"] == "catalog"
    assert answer["dump"] is None
    assert "catalog" not in migrator.applied()


def test_nothing_is_purged_if_the_dump_fails(run: Run, migrator: Migrator, tmp_path: Path) -> None:
    before = contents(migrator, "catalog")
    answer = run("purge", "catalog", "--yes", ORION_POSTGRES_BIN=str(tmp_path))
    assert answer.returncode == 1
    assert "Found no pg_dump 18 or newer" in answer.stderr
    assert contents(migrator, "catalog") == before


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
    assert run("check").stdout == "Models, tables, policies and rights agree.\n"
    do(migrator.engine, "REVOKE SELECT ON catalog.products FROM orion_app")
    answer = run("check")
    assert answer.returncode == 1
    assert "catalog: missing right on catalog.products: orion_app SELECT" in answer.stderr


def test_a_copy_is_neutralised_after_its_name_was_typed(run: Run, migrator: Migrator, market: PostgresUrls) -> None:
    name = market.owner.rpartition("/")[2]
    assert run("neutralize", typed="orion\n").returncode == 1
    (kept,) = rows(migrator, "SELECT email FROM tenancy.users ORDER BY email LIMIT 1")
    answer = run("neutralize", "--keep", kept[0].upper(), typed=f"{name}\n")
    assert answer.returncode == 0, answer.stderr
    assert "addresses of users made undeliverable" in answer.stdout
    left = rows(migrator, "SELECT email FROM tenancy.users WHERE email NOT LIKE '%@example.invalid'")
    assert left == [kept]


def test_a_rehearsal_on_a_server_of_ones_own_needs_a_place(run: Run, migrator: Migrator, other: PostgresUrls) -> None:
    migrator.downgrade("catalog", "catalog_0002")
    assert "make an empty database on a server of your own" in run("rehearse").stderr
    answer = run("rehearse", "--on", other.owner, "--json")
    (step,) = json.loads(answer.stdout)
    assert step["revision"] == "catalog_0003"
    assert step["failure"] == step["back"] == ""
    assert migrator.applied()["catalog"] == "catalog_0002"


def test_a_plan_can_be_read_as_sql(run: Run, migrator: Migrator) -> None:
    migrator.downgrade("catalog", "catalog_0002")
    answer = run("plan", "--sql")
    assert "CREATE TABLE catalog.feed_imports" in answer.stdout
    assert migrator.applied()["catalog"] == "catalog_0002"


def test_a_dump_can_be_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.dump"
    answer = json.loads(run("dump", "catalog", "--file", str(file), "--json").stdout)
    assert answer == {"file": str(file), "bytes": file.stat().st_size}
