"""The embedded Valkey as its users see it: password, data that survives, odd folder names."""

import os
import signal
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from orion_host.embedded import EmbeddedValkey


def test_stranger_is_refused(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server:
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
        assert (tmp_path / "valkey" / "secrets.json").stat().st_mode & 0o077 == 0
        command_line = Path(f"/proc/{server.pid}/cmdline").read_text()
        assert server.url().split(":")[2].partition("@")[0] not in command_line


def test_databases_are_apart_and_survive_a_restart(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as first:
        url = first.url(3)
        with redis.Redis.from_url(url) as client:
            client.set("kept", "yes")
    with EmbeddedValkey(tmp_path) as second:
        assert second.url(3) == url
        with redis.Redis.from_url(url) as client:
            assert client.get("kept") == b"yes"
        with redis.Redis.from_url(second.url()) as client:
            assert client.get("kept") is None


def test_acknowledged_writes_survive_a_killed_server(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        for number in range(1000):
            client.rpush("numbers", number)
        os.kill(server.pid, signal.SIGKILL)
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        assert client.llen("numbers") == 1000


def test_any_folder_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "a b'c\"d\\e$f" / "Ünïcödé Привет" / ("x" * 120)
    with EmbeddedValkey(folder) as server, redis.Redis.from_url(server.url()) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
