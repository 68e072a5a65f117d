"""The servers an installation in a folder brings along, and how other commands find them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from orion_core import OrionError
from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey
from orion_host.settings import HostSettings

_ADDRESSES = ("database_url", "database_platform_url", "database_owner_url", "broker_url", "secret_keys")


class ServerFailed(OrionError):
    """An embedded server could not be started."""

    code = "embedded_server_failed"


@contextmanager
def embedded_servers(settings: HostSettings) -> Iterator[HostSettings]:
    """Run PostgreSQL and Valkey in the data folder.

    Args:
        settings: Names the data folder.

    Yields:
        The settings, with all addresses and secrets set.

    Raises:
        ServerFailed: If one does not start; the message says why and what to do.
    """
    folder = settings.data_dir
    try:
        with EmbeddedPostgres(folder) as postgres, EmbeddedValkey(folder) as valkey:
            urls = postgres.urls()
            values = (urls.app, urls.platform, urls.owner, valkey.url(), _secret_key(folder))
            found = dict(zip(_ADDRESSES, map(SecretStr, values), strict=True))
            yield settings.model_copy(update=found)
    except EmbeddedServerError as error:
        raise ServerFailed(str(error)) from error


def environment(settings: HostSettings) -> dict[str, str]:
    """Return the environment that hands these settings to a child process."""
    return {
        **os.environ,
        **{f"ORION_{name.upper()}": settings.require(name) for name in _ADDRESSES},
        "ORION_DATA_DIR": str(settings.data_dir),
        "ORION_PUBLIC_URL": settings.public_url,
        "ORION_DEBUG": str(settings.debug).lower(),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def announced(settings: HostSettings, address: str) -> Iterator[None]:
    """Let other commands in this folder find the running servers.

    Args:
        settings: What they need.
        address: Where the web application answers.
    """
    path = _run_file(settings.data_dir)
    content = {name: settings.require(name) for name in _ADDRESSES}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"pid": os.getpid(), "address": address, "public_url": settings.public_url, **content}, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def running_installation(data_dir: Path) -> HostSettings | None:
    """Return the settings of the ``orion up`` that runs in a folder, or ``None``.

    Args:
        data_dir: The data folder.
    """
    with suppress(FileNotFoundError, ValueError):
        content = json.loads(_run_file(data_dir).read_text())
        if _is_alive(content["pid"]):
            found = {name: SecretStr(content[name]) for name in _ADDRESSES}
            return HostSettings(data_dir=data_dir, public_url=content["public_url"]).model_copy(update=found)
    return None


def _run_file(data_dir: Path) -> Path:
    return data_dir / "run.json"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _secret_key(folder: Path) -> str:
    path = folder / "secret_keys"
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(Fernet.generate_key().decode())
    return path.read_text().strip()
