"""The system user a server runs as: ourselves, but for root another, because PostgreSQL refuses root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from orion_host.embedded.errors import EmbeddedServerError


@dataclass(frozen=True)
class Account:
    """A user that root changes to for a server."""

    name: str
    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """None means ourselves; for root the owner of existing data, else ORION_SERVER_USER, else nobody."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(user_name(owner.st_uid), owner.st_uid, owner.st_gid)
    name = os.environ.get("ORION_SERVER_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedServerError(
            f"There is no user {name!r} to run the embedded servers as, and they do not run as root.",
            hint="Set ORION_SERVER_USER to a user that exists, or start Orion as a normal user.",
        ) from None
    return Account(name, entry.pw_uid, entry.pw_gid)


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def make_private(folder: Path, account: Account | None) -> None:
    """Creates a folder for the server's user alone, or takes one that is already his."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise EmbeddedServerError(f"{folder} belongs to uid {found.st_uid}.", hint="Remove it and start again.")
    if account:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
