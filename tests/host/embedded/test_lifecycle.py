"""What happens when Orion or a server is killed, and when two want the same folder."""

import os
import signal
import time
from pathlib import Path
from subprocess import DEVNULL

import psycopg
import pytest

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey
from orion_host.embedded.account import server_account
from orion_host.embedded.binaries import POSTGRES, find_program
from orion_host.embedded.instance import InstanceFolder
from orion_host.embedded.process import spawn, stop, wait_until
from tests.host.embedded.other import Start

both_servers = pytest.mark.parametrize("server", ["postgres", "valkey"])
SERVERS = {"postgres": EmbeddedPostgres, "valkey": EmbeddedValkey}


def is_gone(pid: int) -> bool:
    """Nobody may have collected its exit code yet."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


@both_servers
def test_server_ends_with_its_killed_orion(tmp_path: Path, other_orion: Start, server: str) -> None:
    orion = other_orion(server, tmp_path)
    first = orion.answer()
    orion.kill()
    assert wait_until(lambda: is_gone(first["pid"]), 5)
    with SERVERS[server](tmp_path, durable=False) as second:
        assert second.port == first["port"]


@both_servers
def test_orphan_that_did_not_notice_is_ended_at_the_next_start(tmp_path: Path, other_orion: Start, server: str) -> None:
    orion = other_orion(server, tmp_path, deaf=True)
    orphan = orion.answer()["pid"]
    orion.kill()
    assert not is_gone(orphan)
    with SERVERS[server](tmp_path, wait=0.1, durable=False) as second:
        assert is_gone(orphan)
        assert second.running


@both_servers
def test_killed_server_recovers_at_the_next_start(tmp_path: Path, server: str) -> None:
    with SERVERS[server](tmp_path, durable=False) as first:
        os.kill(first.pid, signal.SIGKILL)
        assert wait_until(lambda: not first.running, 5)
    with SERVERS[server](tmp_path, durable=False) as second:
        assert second.running


@both_servers
def test_start_is_repeatable_and_revives_a_killed_server(tmp_path: Path, server: str) -> None:
    with SERVERS[server](tmp_path, wait=1, durable=False) as started:
        first, port = started.pid, started.port
        assert started.start().pid == first
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: not started.running, 5)
        assert started.start().running
        assert (started.pid != first, started.port) == (True, port)


def test_acknowledged_rows_survive_a_killed_server(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as server:
        owner = server.urls().owner.replace("+psycopg", "")
        with psycopg.connect(owner) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
            connection.commit()
            os.kill(server.pid, signal.SIGKILL)
    with EmbeddedPostgres(tmp_path), psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_killed_initdb_leaves_nothing_in_the_way(tmp_path: Path, other_orion: Start) -> None:
    orion = other_orion("postgres", tmp_path)
    assert wait_until((tmp_path / "postgres" / "data.new" / "base").exists, 10)
    orion.kill()
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert server.running
    assert not (tmp_path / "postgres" / "data.new").exists()


@both_servers
def test_second_orion_is_told_who_uses_the_folder(tmp_path: Path, other_orion: Start, server: str) -> None:
    with SERVERS[server](tmp_path, durable=False) as first:
        began = time.monotonic()
        refusal = other_orion(server, tmp_path, wait=0.3).answer()
        assert f"pid {os.getpid()}" in refusal["error"]
        assert str(tmp_path) in refusal["error"]
        assert time.monotonic() - began > 0.3
        assert first.running


@both_servers
def test_second_orion_waits_for_the_first_to_leave(tmp_path: Path, other_orion: Start, server: str) -> None:
    with SERVERS[server](tmp_path, durable=False) as first:
        orion = other_orion(server, tmp_path, wait=20)
        port = first.port
        time.sleep(0.5)
    assert orion.answer()["port"] == port


def test_of_many_starts_at_once_one_wins(tmp_path: Path, other_orion: Start) -> None:
    orions = [other_orion("postgres", tmp_path, wait=0.1) for _ in range(5)]
    answers = [orion.answer() for orion in orions]
    winners = [orion.pid for orion, answer in zip(orions, answers, strict=True) if "port" in answer]
    assert len(winners) == 1
    assert all(f"(pid {winners[0]})" in answer["error"] for answer in answers if "error" in answer)


def test_detached_server_outlives_its_orion_and_is_shared(tmp_path: Path, other_orion: Start) -> None:
    orion = other_orion("postgres", tmp_path, detached=True)
    first = orion.answer()
    orion.kill()
    with pytest.raises(EmbeddedServerError, match=f"detached PostgreSQL \\(pid {first['pid']}\\)"):
        EmbeddedPostgres(tmp_path, wait=0).start()
    with EmbeddedPostgres(tmp_path, durable=False, detached=True) as shared:
        assert (shared.pid, shared.port) == (first["pid"], first["port"])
        shared.create_database("another")
    assert not is_gone(first["pid"])
    EmbeddedPostgres(tmp_path, durable=False, detached=True).start().stop()
    assert is_gone(first["pid"])
    with EmbeddedPostgres(tmp_path, durable=False) as own:
        assert own.running


def test_stale_pid_file_with_a_living_stranger_is_no_obstacle(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        lines = (tmp_path / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
        os.kill(server.pid, signal.SIGKILL)
    stranger = spawn(["/bin/sleep", "60"], account=server_account(tmp_path / "postgres" / "data"), output=DEVNULL)
    lines[0] = str(stranger.pid)
    (tmp_path / "postgres" / "data" / "postmaster.pid").write_text("\n".join(lines))
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert server.running
    assert stranger.poll() is None
    stop(stranger.pid, gone=lambda: stranger.poll() is not None)


def test_server_started_by_hand_is_not_disturbed(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, durable=False)
    with server:
        account, port = server._account, server.port
    folder = InstanceFolder(tmp_path / "postgres")
    folder.open()
    program = find_program(POSTGRES, None, account)
    data = folder.seen_by_server("data", account)
    command = [str(program.path), "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
    by_hand = spawn(command, account=account, output=DEVNULL, keep=folder.handles[:1])
    folder.close()
    pid_file = folder.data / "postmaster.pid"
    assert wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), 10)
    with pytest.raises(EmbeddedServerError, match=f"Orion did not start \\(pid {by_hand.pid}\\)"):
        server.start()
    assert by_hand.poll() is None
    stop(by_hand.pid, gone=lambda: by_hand.poll() is not None)
