"""A plugin written outside the workspace, built as a wheel and installed: everything it contributes works at once."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import RunningOrion, Visitor, clean_environment

ROOT = Path(__file__).parents[2]
BASE = ["orion-commerce-host[testing]", "orion-commerce-tenancy", "orion-commerce-catalog"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Orion = Callable[..., str]


def run(*command: str | Path, cwd: Path | None = None, data: Path | None = None) -> str:
    """Run a command and return what it printed."""
    answer = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean_environment(data) if data else None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-5000:] + answer.stderr[-5000:]
    return answer.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outside")


@pytest.fixture(scope="module")
def environment(place: Path) -> Path:
    """Return a clean environment with this checkout's wheels, as an author would have them from an index."""
    run("uv", "build", "--all-packages", "--wheel", "--out-dir", place / "wheels", "--quiet", cwd=ROOT)
    run("uv", "venv", "--quiet", "--python", sys.executable, place / "venv")
    install(place, *BASE)
    return place / "venv"


def install(place: Path, *names: str) -> None:
    python = place / "venv/bin/python"
    run("uv", "pip", "install", "--quiet", "--python", python, "--find-links", place / "wheels", *names)


@pytest.fixture(scope="module")
def orion(environment: Path, place: Path) -> Orion:
    """Return a function that runs the clean environment's ``orion`` and returns its output."""
    (place / "installation").mkdir()
    return lambda *arguments: run(environment / "bin/orion", *arguments, cwd=place, data=place / "installation")


@pytest.fixture(scope="module")
def bulletin(orion: Orion, place: Path) -> Path:
    """Return the folder of a new plugin that is built and installed."""
    folder = place / "bulletin"
    orion("plugin", "new", "bulletin", "--title", "Bulletin board", "--output", str(folder), "--requires", "catalog")
    run("uv", "build", "--wheel", "--out-dir", place / "wheels", "--quiet", folder)
    install(place, "orion-bulletin")
    return folder


@pytest.fixture(scope="module")
def up(bulletin: Path, orion: Any, place: Path, environment: Path) -> Iterator[RunningOrion]:
    orion("db", "upgrade")
    with RunningOrion(place / "installation", "--demo", command=[str(environment / "bin/orion")]) as running:
        yield running


@pytest.fixture
def manager(up: RunningOrion) -> Visitor:
    password, by_role = up.logins()
    visitor = up.browser()
    email = next(address for role, address in by_role.items() if role.startswith("Manager"))
    assert visitor.post("/login", email=email, password=password)[0] == 200
    return visitor


def answer(orion: Orion, *arguments: str) -> Any:
    return json.loads(orion(*arguments, "--json").splitlines()[-1])


def test_it_is_listed_with_its_tables_and_its_schedule(up: RunningOrion, orion: Orion) -> None:
    modules = {row["name"]: row for row in answer(orion, "modules", "list")}
    assert (modules["bulletin"]["distribution"], modules["bulletin"]["state"]) == ("orion-bulletin", "ok")
    assert {row["module"]: row["state"] for row in answer(orion, "db", "status")}["bulletin"] == "current"
    assert "bulletin.remove_hidden_entries" in {row["task"] for row in answer(orion, "schedule")}
    assert json.loads(up.browser().get("/health/ready")[1])["modules"]["bulletin"] == "ok"


def test_its_pages_api_and_menu_entry_are_there(up: RunningOrion, manager: Visitor) -> None:
    status, dashboard = manager.get("/stores/haff-keramik/")
    assert status == 200
    assert 'href="/stores/haff-keramik/bulletin"' in dashboard
    status, page = manager.post("/stores/haff-keramik/bulletin", title="Kiln day", is_shown="1")
    assert status == 200
    assert "Kiln day" in page
    status, body = manager.get("/api/v1/stores/haff-keramik/bulletin?q=kiln")
    assert [row["title"] for row in json.loads(body)["items"]] == ["Kiln day"]
    status, shop = up.browser().get("/shop/haff-keramik/bulletin")
    assert status == 200
    assert "Kiln day" in shop
    assert "Kiln day" not in up.browser().get("/shop/epicerie-verte/bulletin")[1]


def test_it_reacts_to_events_and_its_command_answers(up: RunningOrion, orion: Orion) -> None:
    deadline = time.monotonic() + 60
    titles: set[str] = set()
    while "Welcome to Haff Keramik" not in titles and time.monotonic() < deadline:
        titles = {row["title"] for row in answer(orion, "bulletin", "list", "--store", "haff-keramik")}
        time.sleep(0.5)
    assert titles >= {"Welcome to Haff Keramik", "Open on Sundays"}


def test_it_passes_the_conformance_suite_and_its_own_tests(bulletin: Path, orion: Orion, environment: Path) -> None:
    assert answer(orion, "plugin", "check", "bulletin") == []
    said = run(environment / "bin/pytest", "-q", cwd=bulletin, data=bulletin / "unused")
    assert " passed" in said
    assert "failed" not in said
