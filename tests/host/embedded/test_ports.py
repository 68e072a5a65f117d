"""The port of a server: asked for, remembered, or free."""

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, ports, server

both_servers = pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedValkey])
Kind = type[EmbeddedPostgres | EmbeddedValkey]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@both_servers
def test_port_asked_for_is_used(tmp_path: Path, kind: Kind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with kind(tmp_path, port=port) as started:
        assert started.port == port


@both_servers
def test_taken_port_asked_for_is_refused_with_its_listener(tmp_path: Path, kind: Kind, taken_port: int) -> None:
    with pytest.raises(EmbeddedServerError, match=f"Port {taken_port}.*\\(pid {os.getpid()}\\)"):
        kind(tmp_path, port=taken_port).start()


def test_port_taken_for_all_addresses_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as listener, pytest.raises(EmbeddedServerError, match="is taken"):
        EmbeddedValkey(tmp_path, port=listener.getsockname()[1]).start()


@both_servers
def test_taken_remembered_port_gives_way(tmp_path: Path, kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    with kind(tmp_path, durable=False) as first:
        port = first.port
    with (
        socket.create_server(("127.0.0.1", port)),
        caplog.at_level(logging.WARNING),
        kind(tmp_path, durable=False) as second,
    ):
        assert second.port != port
    assert f"port {port} is taken by" in caplog.text


@both_servers
def test_port_lost_to_a_faster_program_is_replaced(
    tmp_path: Path, kind: Kind, taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = ports.choose_port
    answers = iter([taken_port])
    monkeypatch.setattr(server, "choose_port", lambda *a, **k: next(answers, None) or choose(*a, **k))
    with kind(tmp_path, durable=False) as started:
        assert started.running
        assert started.port != taken_port
