"""Chooses the port a server listens on: the one asked for, else the one it had before, else a free one."""

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from orion_host.embedded.errors import EmbeddedServerError

log = logging.getLogger(__name__)
LISTEN = "0A"  # the state column of /proc/net/tcp


def choose_port(title: str, *, asked: int | None, before: int) -> int:
    """Raises EmbeddedServerError when the port asked for is taken; a remembered one gives way, logged."""
    if asked is not None:
        if not is_free(asked):
            raise EmbeddedServerError(
                f"Port {asked}, asked for {title}, is taken by {listener(asked)}.",
                hint="Stop that program, or choose another port.",
            )
        return asked
    if before and is_free(before):
        return before
    port = _free_port()
    if before:
        log.warning("port %d is taken by %s: %s now listens on %d", before, listener(before), title, port)
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: connections in TIME_WAIT do not count, a listener does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def listener(port: int) -> str:
    """Who listens on a port, as far as /proc tells: a normal user sees only his own processes."""
    wanted = _listening_sockets(port)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted.intersection(_open_files(process)):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return "another program"


def _open_files(process: Path) -> Iterator[str]:
    for fd in (process / "fd").iterdir():
        with suppress(OSError):
            yield str(fd.readlink())


def _listening_sockets(port: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for row in Path("/proc/net", table).read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found
