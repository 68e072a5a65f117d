"""``orion up --demo`` from outside: it serves, stops cleanly, survives being killed, and finds its data again."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.running import ORION, RunningOrion, clean_environment, free_port

pytestmark = pytest.mark.timeout(300)


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    direct = [int(line) for line in found.stdout.split()]
    return [*direct, *(grandchild for child in direct for grandchild in children(child))]


def alive(pids: list[int]) -> list[int]:
    states = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return [pid for pid, stat in states.items() if stat.exists() and ") Z " not in stat.read_text()]


def wait_until_gone(pids: list[int], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert alive(pids) == []


def test_every_module_is_ready(up: RunningOrion) -> None:
    status, body = up.browser().get("/health/ready")
    report = json.loads(body)
    assert (status, report["status"]) == (200, "ok")
    assert set(report["modules"]) >= {"core", "tenancy", "catalog"}
    assert set(report["modules"].values()) == {"ok"}


def test_shops_show_products_with_prices_in_the_readers_language(up: RunningOrion) -> None:
    assert {up.browser().get(shop)[0] for shop in up.shops()} == {200}
    pages = {language: up.browser().get(f"/shop/haff-keramik/?lang={language}") for language in ("en", "fr")}
    assert re.search(r"€\d+\.\d\d", pages["en"][1])
    assert re.search(r"\d+,\d\d\s€", pages["fr"][1])


def test_staff_of_every_area_sign_in_with_the_printed_password(up: RunningOrion) -> None:
    password, by_role = up.logins()
    assert len(by_role) >= 6
    for role, email in by_role.items():
        visitor = up.browser()
        status, page = visitor.post("/login", email=email, password=password)
        assert status == 200, role
        assert 'name="password"' not in page, role


def test_a_wrong_password_lets_nobody_in(up: RunningOrion) -> None:
    visitor = up.browser()
    status, page = visitor.post("/login", email="admin@orion.example", password="not the password")
    assert 'name="password"' in page
    assert status != 200
    assert 'name="password"' in visitor.get("/admin/")[1]


def test_commands_find_the_running_installation(up: RunningOrion, data: Path) -> None:
    answer = subprocess.run(
        [*ORION, "tenancy", "list-stores", "--json"],
        env=clean_environment(data),
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(answer.stdout.splitlines()[-1])) == 6


def test_doctor_finds_nothing_wrong(up: RunningOrion, data: Path) -> None:
    answer = subprocess.run(
        [*ORION, "doctor", "--json"], env=clean_environment(data), capture_output=True, text=True, check=False
    )
    assert (answer.returncode, json.loads(answer.stdout.splitlines()[-1])) == (0, [])


def test_a_second_start_on_the_same_folder_names_the_first(up: RunningOrion, data: Path) -> None:
    answer = subprocess.run(
        [*ORION, "up", "--port", str(free_port())],
        env=clean_environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    assert str(up.process.pid) in answer.stderr


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [*ORION, "up", "--port", str(port)],
            env=clean_environment(tmp_path / "new"),
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert f"port {port} is in use" in answer.stderr
    assert not (tmp_path / "new").exists()


def test_a_child_that_dies_is_started_again(up: RunningOrion) -> None:
    found = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in found.splitlines()]
    (web,) = [int(pid) for pid, parent, args in rows if int(parent) == up.process.pid and " serve " in f"{args} "]
    os.kill(web, signal.SIGKILL)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            if up.browser().get("/health/live")[0] == 200:
                break
        except OSError:
            time.sleep(0.3)
    assert "starting it again" in up.said()
    assert up.browser().get("/health/ready")[0] == 200


def test_killed_or_stopped_it_leaves_nothing_and_starts_again_with_its_data(tmp_path: Path) -> None:
    data = tmp_path / "with a space and é" / "installation"
    data.parent.mkdir()
    first = RunningOrion(data, "--demo").start()
    password, _ = first.logins()
    everybody = children(first.process.pid)
    assert len(everybody) >= 6
    first.process.kill()
    first.process.wait()
    wait_until_gone(everybody)

    second = RunningOrion(data).start()
    assert second.logins()[0] == password
    assert second.browser().get(second.shops()[0])[0] == 200
    everybody = children(second.process.pid)
    started = time.monotonic()
    assert second.stop() == 0
    assert time.monotonic() - started < 10
    wait_until_gone(everybody, 2)
    assert not (data / "run.json").exists()


STUBBORN = """
import signal, time
from orion_host.up import processes
signal.signal(signal.SIGTERM, signal.SIG_IGN)
processes.STOP_SECONDS = 0.5
processes.end_with_parent()
print("here", flush=True)
time.sleep(60)
"""
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True, start_new_session=True,
                         env={**os.environ, "ORION_UP_PID": str(os.getpid())})
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


def test_a_process_that_does_not_listen_ends_with_its_parent_all_the_same() -> None:
    command = [sys.executable, "-c", PARENT, STUBBORN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(1)
        assert alive([child]) == [child]
        parent.kill()
    wait_until_gone([child], 5)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try this")
def test_a_normal_user_can_run_it() -> None:
    nobody = 65534
    try:
        subprocess.run([sys.executable, "-c", "import orion_host"], user=nobody, group=nobody, cwd="/", check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this checkout or its Python cannot be read by a normal user")
    own = Path(tempfile.mkdtemp(prefix="orion-user-"))
    os.chown(own, nobody, nobody)
    try:
        with RunningOrion(own / "installation", user=nobody, environment={"HOME": str(own)}) as up:
            assert up.browser().get("/health/ready")[0] == 200
    finally:
        shutil.rmtree(own)
