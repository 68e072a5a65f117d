"""Wheels in clean environments: a module appears when it is installed, and rests when it is removed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import RunningOrion, clean_environment

ROOT = Path(__file__).parents[2]
BASE = ["orion-commerce-core", "orion-commerce-host", "orion-commerce-tenancy"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Orion = Callable[..., str]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one wheel per distribution, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    command = ["uv", "build", "--all-packages", "--wheel", "--out-dir", str(folder), "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def environment(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clean environment with core, host and tenancy from their wheels."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    install(folder, wheels, *BASE)
    return folder


def install(environment: Path, wheels: Path, *names: str) -> None:
    python = str(environment / "bin/python")
    pip = ["uv", "pip", "install", "--quiet", "--python", python, "--find-links", str(wheels)]
    subprocess.run([*pip, *names], check=True)


@pytest.fixture
def orion(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Orion:
    """Return a function that runs the clean environment's ``orion`` on one data folder and returns its output."""
    data = tmp_path_factory.getbasetemp() / "installation"

    def run(*arguments: str) -> str:
        answer = subprocess.run(
            [str(environment / "bin/orion"), *arguments],
            env=clean_environment(data),
            cwd=data.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    run.data = data  # type: ignore[attr-defined]
    run.program = environment / "bin/orion"  # type: ignore[attr-defined]
    return run


@pytest.fixture(autouse=True)
def _work_folder(orion: Any) -> None:
    orion.data.mkdir(parents=True, exist_ok=True)


def running(orion: Any, *arguments: str) -> RunningOrion:
    return RunningOrion(orion.data, *arguments, command=[str(orion.program)])


def names(orion: Orion, *arguments: str) -> set[str]:
    return {row.get("module", row.get("name")) for row in json.loads(orion(*arguments, "--json"))}


def test_there_is_one_wheel_per_distribution(wheels: Path) -> None:
    members = ["core", "host", *sorted(path.name.replace("-", "_") for path in (ROOT / "plugins").iterdir())]
    assert {path.name.split("-")[0] for path in wheels.glob("*.whl")} == {f"orion_commerce_{name}" for name in members}


def test_catalog_comes_and_goes_and_its_data_rests(orion: Any, environment: Path, wheels: Path) -> None:
    with running(orion, "--demo") as up:
        assert up.browser().get("/health/ready") == (200, '{"status":"ok","modules":{"core":"ok","tenancy":"ok"}}')
        assert "catalog" not in names(orion, "modules", "list") | names(orion, "routes") | names(orion, "db", "status")
        shop = demo_shops(up)[0]
        assert up.browser().get(shop)[0] == 404

    install(environment, wheels, "orion-commerce-catalog")
    orion("db", "upgrade")
    assert "catalog" in names(orion, "db", "status") & names(orion, "routes") & names(orion, "modules", "list")
    assert "catalog.import_feed" in orion("modules", "show", "catalog")
    with running(orion) as up:
        assert up.browser().get(shop)[0] == 200
        assert '"catalog":"ok"' in up.browser().get("/health/ready")[1]

    python = str(environment / "bin/python")
    subprocess.run(["uv", "pip", "uninstall", "--quiet", "--python", python, "orion-commerce-catalog"], check=True)
    states = {row["module"]: row["state"] for row in json.loads(orion("db", "status", "--json"))}
    assert states == {"core": "current", "tenancy": "current", "catalog": "absent"}
    with running(orion) as up:
        assert up.browser().get("/health/ready")[0] == 200
        assert up.browser().get(shop)[0] == 404
        assert up.browser().get("/login")[0] == 200
    shutil.rmtree(orion.data)


def demo_shops(up: RunningOrion) -> list[str]:
    return [word[word.index("/shop/") :] for word in up.said().split() if "/shop/" in word]
