"""Starts that cannot work say why, with the words of the server, and leave nothing running."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs more rights")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_full_disk_is_named(small_disk: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="No space left on device") as refused:
        EmbeddedPostgres(small_disk).start()
    assert "Free some space" in refused.value.hint
    assert not (small_disk / "postgres" / "data.new").exists()
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    with pytest.raises(EmbeddedServerError, match="is full"):
        EmbeddedValkey(small_disk).start()


def test_data_of_another_major_names_both(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False):
        pass
    (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedServerError, match=r"made by PostgreSQL 14; .* is \d+ and") as refused:
        EmbeddedPostgres(tmp_path).start()
    assert "pg_dumpall" in refused.value.hint


def test_folder_without_data_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "thesis.txt").touch()
    with pytest.raises(EmbeddedServerError, match="holds no PostgreSQL data"):
        EmbeddedPostgres(tmp_path).start()
    assert (data / "thesis.txt").exists()


def test_damaged_data_shows_the_end_of_the_log(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        port = server.port
    (tmp_path / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServerError, match="pg_control") as refused:
        server.start()
    assert str(tmp_path / "postgres" / "server.log") in refused.value.hint
    assert port != server.port


def test_damaged_append_only_file_shows_the_end_of_the_log(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server:
        pass
    (tmp_path / "valkey" / "data" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense")
    with pytest.raises(EmbeddedServerError, match="manifest"):
        server.start()


def test_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "postgres").touch()
    with pytest.raises(EmbeddedServerError, match=str(tmp_path / "postgres")):
        EmbeddedPostgres(tmp_path).start()
