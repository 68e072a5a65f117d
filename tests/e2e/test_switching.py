"""Switching a module off is seen by two web processes and a worker within two seconds, on every surface."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.kit.generated import generate
from tests.running import ORION, RunningOrion, Visitor, clean_environment, free_port

pytestmark = pytest.mark.timeout(240)

STORE, PLATFORM = "haff-keramik", "nordlicht"
PATHS = (f"/shop/{STORE}/gadgets", f"/stores/{STORE}/gadgets", f"/api/v1/stores/{STORE}/gadgets")
RUN = """
INSERT INTO core.task_run (id, task, queue, args, status, attempts, max_attempts, cancel_requested, progress_done,
                           state, locale, request_id, platform_id)
SELECT gen_random_uuid(), 'gadgets.remove_hidden_entries', 'scheduled', '{}', 'queued', 0, 1, false, 0,
       '{}', 'en', 'r', id
FROM tenancy.platforms WHERE code = %s RETURNING id
"""


@dataclass
class Fleet:
    """A running marketplace with an outside plugin, and a second web process beside it."""

    up: RunningOrion
    data: Path
    environment: dict[str, str]
    visitors: list[Visitor]
    database: psycopg.Connection[Any]

    def switch(self, way: str) -> None:
        command = [*ORION, "modules", way, "gadgets", "--platform", PLATFORM, *(["--yes"] if way == "disable" else [])]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def statuses(self) -> set[int]:
        return {visitor.get(path)[0] for visitor in self.visitors for path in PATHS}

    def run_ends(self) -> str:
        """Queue a run for the platform and return how it ended."""
        row = self.database.execute(RUN, [PLATFORM]).fetchone()
        assert row is not None
        query = "SELECT status FROM core.task_run WHERE id = %s AND finished_at IS NOT NULL"
        until(lambda: self.database.execute(query, row).fetchone() is not None, 30)
        status = self.database.execute(query, row).fetchone()
        assert status is not None
        return str(status[0])


def until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait until a condition holds and return how long that took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.05)
    return time.monotonic() - started


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    generate(folder / "gadgets")
    data, path = folder / "installation", {"PYTHONPATH": str(folder / "gadgets/src")}
    with RunningOrion(data, "--demo", environment=path) as up:
        running = json.loads((data / "run.json").read_text())
        kept = {name: value for name, value in running.items() if name not in {"pid", "address"}}
        addresses = {f"ORION_{name.upper()}": str(value) for name, value in kept.items()}
        environment = {**clean_environment(data), **path, **addresses}
        port = free_port()
        second = subprocess.Popen([*ORION, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
        visitors = [signed_in(up, up.browser()), Visitor(f"http://127.0.0.1:{port}")]
        until(lambda: reachable(visitors[1]), 60)
        signed_in(up, visitors[1])
        dsn = str(running["database_owner_url"]).replace("+psycopg", "")
        with psycopg.connect(dsn, autocommit=True) as database:
            yield Fleet(up, data, environment, visitors, database)
        assert ended(second)


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Ask a process to end and tell whether it did; uvicorn tidies up and then ends by the signal it was sent."""
    process.terminate()
    return process.wait(20) in {0, -signal.SIGTERM}


def reachable(visitor: Visitor) -> bool:
    try:
        return visitor.get("/health/live")[0] == 200
    except OSError:
        return False


def signed_in(up: RunningOrion, visitor: Visitor) -> Visitor:
    if reachable(visitor):
        password, logins = up.logins()
        email = next(address for role, address in logins.items() if role.startswith("Manager"))
        assert visitor.post("/login", email=email, password=password)[0] == 200
    return visitor


def test_switching_off_and_on_is_seen_everywhere_within_two_seconds(fleet: Fleet) -> None:
    assert fleet.statuses() == {200}
    assert fleet.run_ends() == "succeeded"
    assert "/gadgets" in fleet.visitors[0].get(f"/stores/{STORE}/")[1]
    fleet.switch("disable")
    seen = until(lambda: fleet.statuses() == {404}, 2)
    assert fleet.run_ends() == "skipped"
    assert "/gadgets" not in fleet.visitors[1].get(f"/stores/{STORE}/")[1], "neither in the menu nor in a slot"
    command = [*ORION, "gadgets", "list", "--store", STORE]
    refused = subprocess.run(command, env=fleet.environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, "gadgets is switched off for platform" in refused.stderr) == (1, True)
    fleet.switch("enable")
    back = until(lambda: fleet.statuses() == {200}, 2)
    assert fleet.run_ends() == "succeeded"
    print(f"off after {seen:.2f} s, on after {back:.2f} s")


def test_what_goes_off_is_told_before(fleet: Fleet) -> None:
    command = [*ORION, "modules", "disable", "gadgets", "--platform", PLATFORM]
    asked = subprocess.run(command, env=fleet.environment, input="n\n", capture_output=True, text=True, check=False)
    assert f"records of {PLATFORM} rest until it is on again" in asked.stdout
    assert asked.returncode == 1
    assert fleet.statuses() == {200}


def test_the_fleet_agrees_and_a_stranger_is_told(fleet: Fleet) -> None:
    ready = json.loads(fleet.visitors[0].get("/health/ready")[1])
    assert ready["status"] == "ok"
    assert "gadgets" in ready["modules"]
    without = {name: value for name, value in fleet.environment.items() if name != "PYTHONPATH"}
    port = free_port()
    other = subprocess.Popen([*ORION, "serve", "--port", str(port)], env=without, stderr=subprocess.DEVNULL)

    def told() -> bool:
        return "fleet" in json.loads(fleet.visitors[0].get("/health/ready")[1])

    until(told, 60)
    ready = json.loads(fleet.visitors[0].get("/health/ready")[1])
    assert any(line.startswith("gadgets is 0.1.0") and "not there in web" in line for line in ready["fleet"])
    assert ended(other)
    until(lambda: not told(), 30)
