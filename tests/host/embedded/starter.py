"""A stand-in for a running Orion: starts one embedded server, says so, and stays until its input closes.

Reads one JSON object of options from its first line of input; answers with one JSON object on one line.
"""

import json
import os
import socket
import sys
from pathlib import Path

import psycopg

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, binaries, process
from orion_host.embedded.server import EmbeddedServer


def main() -> None:
    options = json.loads(sys.stdin.readline())
    if options["shared"]:
        binaries.SHARED = Path(options["shared"])
    if options["deaf"]:
        process._parent_death_hook = lambda: None
    if options["uid"] is not None:
        become(options["uid"])
    kind = {"postgres": EmbeddedPostgres, "valkey": EmbeddedValkey}[options["server"]]
    server = kind(Path(options["root"]), durable=False, **options["arguments"])
    try:
        with server:
            answer(pid=server.pid, port=server.port, works=works(server))
            sys.stdin.read()
    except EmbeddedServerError as error:
        answer(error=error.message, hint=error.hint)


def become(uid: int) -> None:
    """Everything is imported by now: the interpreter may lie in a folder that only root can read."""
    "".encode("idna")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(uid)
    os.umask(0o077)


def works(server: EmbeddedServer) -> bool:
    if isinstance(server, EmbeddedValkey):
        password = server.url().split(":")[2].partition("@")[0]
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.read(12) == b"+OK\r\n+PONG\r\n"
    assert isinstance(server, EmbeddedPostgres)
    with psycopg.connect(server.urls().app.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def answer(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
