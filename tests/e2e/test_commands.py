"""Commands against the running demo: what they print is what is there, and --json is one value."""

import json
import resource
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.running import ORION, RunningOrion, clean_environment

pytestmark = pytest.mark.timeout(120)


def orion(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*ORION, *arguments]
    return subprocess.run(command, env=clean_environment(data), capture_output=True, text=True, check=False)


def answer(data: Path, *arguments: str) -> Any:
    done = orion(data, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_installed_modules_are_listed_in_dependency_order(up: RunningOrion, data: Path) -> None:
    names = [row["name"] for row in answer(data, "modules", "list")]
    assert names.index("core") < names.index("tenancy") < names.index("catalog")


def test_a_module_shows_what_it_contributes(up: RunningOrion, data: Path) -> None:
    details = answer(data, "modules", "show", "catalog")
    assert "catalog.import_products" in details["permissions"]
    assert any("/api/v1/shop/{store}/products" in route for route in details["routes"])


def test_every_route_names_its_guard(up: RunningOrion, data: Path) -> None:
    rows = answer(data, "routes")
    assert len(rows) > 50
    assert all(row["guard"] for row in rows)


def test_schedule_and_hooks_are_listed(up: RunningOrion, data: Path) -> None:
    assert "core.forget_old_records" in {row["name"] for row in answer(data, "schedule")}
    hooks = {row["hook"]: row["modules"] for row in answer(data, "hooks")}
    assert hooks["orion_tenants"] == ["tenancy"]


def test_the_database_is_current_and_agrees_with_the_models(up: RunningOrion, data: Path) -> None:
    assert {row["state"] for row in answer(data, "db", "status")} == {"current"}
    assert answer(data, "db", "plan") == []
    assert answer(data, "db", "check") == {}
    assert answer(data, "db", "upgrade") == {"applied": []}


def test_downgrading_what_others_need_is_refused_with_their_names(up: RunningOrion, data: Path) -> None:
    refused = orion(data, "db", "downgrade", "tenancy", "base", "--yes")
    assert refused.returncode == 1
    assert "catalog_0001 needs tenancy_0001" in refused.stderr


def test_a_core_module_cannot_be_switched_off(up: RunningOrion, data: Path) -> None:
    refused = orion(data, "modules", "disable", "catalog", "--platform", "nordlicht", "--yes")
    assert refused.returncode == 1
    assert "always on" in refused.stderr
    unknown = orion(data, "modules", "enable", "catalog", "--platform", "nowhere")
    assert "there is no platform 'nowhere'" in unknown.stderr


def test_a_task_is_run_by_its_name_and_the_run_shown(up: RunningOrion, data: Path) -> None:
    asked = answer(data, "tasks", "run", "core.forget_old_records")
    deadline = time.monotonic() + 20
    while (shown := answer(data, "tasks", "show", asked["id"]))["status"] != "succeeded":
        assert time.monotonic() < deadline, shown
    listed = answer(data, "tasks", "list", "--task", "core.", "--status", "succeeded")
    assert asked["id"] in {row["id"] for row in listed}
    refused = orion(data, "tasks", "run", "core.forget_old_recrods")
    assert refused.returncode == 1
    assert "did you mean core.forget_old_records" in refused.stderr


def test_the_demos_events_are_listed_and_shown(up: RunningOrion, data: Path) -> None:
    first, second = answer(data, "events", "list", "--type", "tenancy.store_created", "--limit", "2")
    assert first["published_at"] >= second["published_at"]
    assert answer(data, "events", "show", first["id"])["payload"]["code"]


def test_help_answers_in_half_a_second() -> None:
    def seconds() -> float:
        """Return the processor's time: other tests may be using the machine."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*ORION, "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.5
