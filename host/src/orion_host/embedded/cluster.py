"""The files PostgreSQL runs on: the data that initdb makes, its version, a stale pid file, our settings."""

import os
from contextlib import suppress
from pathlib import Path

from orion_host.embedded.account import Account, user_name
from orion_host.embedded.binaries import POSTGRES, Program
from orion_host.embedded.errors import EmbeddedServerError
from orion_host.embedded.instance import InstanceFolder

FIRST_WITH_BUILTIN_LOCALES = 17

# The first line that fits decides: the superuser has no password and comes in over the socket as the system
# user named in pg_ident.conf; everybody else needs his password everywhere.
HBA = """\
local all postgres peer map=orion
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""
# mmap: with the 64 MB of shared memory that containers get, a parallel hash join fails under the default.
SETTINGS = """\
hba_file = {hba}
ident_file = {ident}
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""


def initdb_command(program: Program, data: str, *, durable: bool) -> list[str]:
    # pg_trgm sees no letters beyond ASCII without the character type C.UTF-8.
    locale = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
    if program.major >= FIRST_WITH_BUILTIN_LOCALES:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [
        str(program.path.with_name("initdb")),
        f"--pgdata={data}",
        "--username=postgres",
        "--auth-local=peer",
        "--auth-host=reject",
        "--data-checksums",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
        *locale,
    ]


def check_major(data: Path, program: Program) -> None:
    try:
        major = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{data} holds no PostgreSQL data.", hint="Move it away, or choose another folder."
        ) from None
    if major != str(program.major):
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {major}; {program.path} is {program.major} and cannot read it.",
            hint=f"Name a folder with the binaries of PostgreSQL {major} in {POSTGRES.variable} and dump the "
            f"databases with pg_dumpall; restore them into a new folder under PostgreSQL {program.major}.",
        )


def remove_stale_pid_file(data: Path) -> None:
    """PostgreSQL refuses to start while the number in an old file is any process of its user.

    We hold the lock, so no server of ours runs; what may run is one that somebody started by hand.
    """
    pid_file = data / "postmaster.pid"
    with suppress(FileNotFoundError):
        pid = pid_file.read_text().partition("\n")[0].strip()
        if _works_in(pid, data):
            raise EmbeddedServerError(
                f"{data} is in use by a PostgreSQL that Orion did not start (pid {pid}).",
                hint="Stop it, or choose another folder.",
            )
        pid_file.unlink()


def _works_in(pid: str, folder: Path) -> bool:
    with suppress(OSError):
        return Path("/proc", pid, "cwd").readlink() == folder.resolve()
    return False


def write_settings(folder: InstanceFolder, account: Account | None, *, durable: bool) -> None:
    """Beside the data and new at each start, so that existing data follows a newer Orion."""
    settings = SETTINGS.format(
        hba=_quoted(folder.seen_by_server("pg_hba.conf", account)),
        ident=_quoted(folder.seen_by_server("pg_ident.conf", account)),
        durable="on" if durable else "off",
    )
    folder.write("postgresql.conf", settings, mode=0o644)
    folder.write("pg_hba.conf", HBA, mode=0o644)
    folder.write("pg_ident.conf", f'orion "{user_name(os.geteuid())}" postgres\n', mode=0o644)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
