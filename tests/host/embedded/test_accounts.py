"""Root, other users, and folders that one of them cannot pass."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, binaries
from orion_host.embedded.account import Account, make_private
from orion_host.embedded.binaries import POSTGRES, VALKEY, find_program
from orion_host.embedded.process import spawn
from tests.host.embedded.other import Start

both_servers = pytest.mark.parametrize("server", ["postgres", "valkey"])
SERVERS = {"postgres": EmbeddedPostgres, "valkey": EmbeddedValkey}
KINDS = {"postgres": POSTGRES, "valkey": VALKEY}
nobody = Account("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)


def user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


@both_servers
@pytest.mark.usefixtures("root_only")
def test_server_of_root_runs_as_nobody_below_a_closed_folder(tmp_path: Path, server: str) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    modes = {folder: folder.stat().st_mode for folder in (closed, *closed.parents)}
    with SERVERS[server](closed / "instance", durable=False) as started:
        assert user_of(started.pid) == nobody.uid
    assert modes == {folder: folder.stat().st_mode for folder in modes}


@both_servers
@pytest.mark.usefixtures("root_only")
def test_wheel_below_a_closed_folder_is_copied_for_the_server(
    tmp_path: Path, open_folder: Path, other_orion: Start, server: str
) -> None:
    package = KINDS[server].package
    site = binaries._site(KINDS[server])
    assert site
    closed = tmp_path / "site"
    closed.mkdir(mode=0o700)
    for folder in site.glob(f"{package}*"):
        shutil.copytree(folder, closed / folder.name)
    environment = {"PYTHONPATH": str(closed)}
    shared = open_folder / "shared"
    for _ in range(2):
        answer = other_orion(server, tmp_path, shared=shared, environment=environment)
        facts = answer.answer()
        assert facts.get("works"), facts
        assert Path(f"/proc/{facts['pid']}/exe").readlink().is_relative_to(shared)
        answer.close()
    assert closed.stat().st_mode & 0o777 == 0o700
    copies = list(shared.rglob("*"))
    assert len(list(shared.iterdir())) == 1
    assert all(path.stat().st_uid == 0 and path.stat().st_mode & 0o777 == 0o755 for path in copies)


@both_servers
@pytest.mark.usefixtures("root_only")
def test_normal_user_runs_his_own_server(open_folder: Path, other_orion: Start, server: str) -> None:
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, nobody.uid, nobody.gid)
    program = find_program(KINDS[server], None, nobody).path
    environment = {"HOME": str(home), KINDS[server].variable: str(program.parent)}
    orion = other_orion(server, home / "instance", uid=nobody.uid, environment=environment)
    facts = orion.answer()
    assert facts.get("works"), facts
    assert user_of(facts["pid"]) == nobody.uid
    assert not list(home.rglob("*.new"))


@pytest.mark.usefixtures("root_only")
def test_root_lets_the_owner_of_existing_data_run_it(open_folder: Path, other_orion: Start) -> None:
    daemon = pwd.getpwnam("daemon").pw_uid
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, daemon, nobody.gid)
    environment = {"ORION_POSTGRES_BIN": str(find_program(POSTGRES, None, nobody).path.parent)}
    first = other_orion("postgres", home, uid=daemon, environment=environment)
    assert first.answer().get("works")
    first.close()
    with EmbeddedPostgres(home) as server:
        assert user_of(server.pid) == daemon
    again = other_orion("postgres", home, uid=daemon, environment=environment)
    facts = again.answer()
    assert facts.get("works"), facts


@pytest.mark.usefixtures("root_only")
def test_folder_of_somebody_else_is_named(open_folder: Path, other_orion: Start) -> None:
    answer = other_orion("postgres", open_folder / "instance", uid=nobody.uid).answer()
    assert f"nobody may not use {open_folder}" in answer["error"]
    assert "owner" in answer["hint"]


@pytest.mark.usefixtures("root_only")
def test_other_users_are_no_superusers(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        psql = str(find_program(POSTGRES, None, nobody).path.with_name("psql"))
        command = [psql, "--no-psqlrc", "--command=SELECT 1", server.superuser_dsn()]
        with spawn(command, account=nobody, output=subprocess.PIPE) as process:
            assert b"Peer authentication failed" in process.communicate()[0]
        assert process.returncode != 0


@pytest.mark.usefixtures("root_only")
def test_root_that_may_not_change_users_is_told_so(tmp_path: Path, other_orion: Start) -> None:
    if not (setpriv := shutil.which("setpriv")):
        pytest.skip("setpriv, which takes rights from root, is not installed")
    answer = other_orion("postgres", tmp_path, prefix=[setpriv, "--bounding-set=-setuid,-setgid"]).answer()
    assert "root may not start processes as nobody" in answer["error"]


@pytest.mark.usefixtures("root_only")
def test_unknown_server_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_SERVER_USER", "no-such-user")
    with pytest.raises(EmbeddedServerError, match="no user 'no-such-user'"):
        EmbeddedPostgres(tmp_path).start()


@pytest.mark.usefixtures("root_only")
def test_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, durable=False)
    stranger = pwd.getpwnam("daemon").pw_uid
    server._sockets.mkdir()
    os.chown(server._sockets, stranger, stranger)
    try:
        with pytest.raises(EmbeddedServerError, match=f"belongs to uid {stranger}"):
            server.start()
    finally:
        server._sockets.rmdir()


def test_link_in_place_of_a_private_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(EmbeddedServerError, match="link"):
        make_private(tmp_path / "link", None)
