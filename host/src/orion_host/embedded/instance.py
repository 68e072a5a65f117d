"""One server's folder: the lock that makes its user the only one, the port and passwords kept for later."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from orion_host.embedded.account import Account
from orion_host.embedded.errors import EmbeddedServerError
from orion_host.embedded.process import STOP, send

LOG_TAIL_LINES = 15
ORPHAN_SECONDS = 30.0


@dataclass(frozen=True)
class State:
    """What the last start wrote down: how a second start names the first, and the port to use again."""

    owner: int = 0
    server: int = 0
    port: int = 0
    detached: bool = False

    @property
    def is_orphan(self) -> bool:
        """Whether the server lost its Orion and did not notice (only Linux tells it)."""
        return bool(self.server) and not self.detached and not send(self.owner, 0)


class InstanceFolder:
    """A folder with ``lock``, ``state.json``, ``secrets.json``, ``server.log`` and the server's own ``data``.

    The lock's file descriptor is handed to the server: it is held as long as any process of the server lives.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.data = self.path / "data"
        self._log = self.path / "server.log"
        self._fd = self._lock = -1

    @property
    def handles(self) -> tuple[int, int]:
        """The file descriptors a server inherits."""
        return self._fd, self._lock

    def open(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        if os.fstat(self._fd).st_uid == os.geteuid():
            os.fchmod(self._fd, 0o711)  # a server under another user passes through to data
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)

    def close(self) -> None:
        """Leaves the lock to processes of the server that may still live; it ends with the last of them."""
        for fd in self.handles:
            with suppress(OSError):
                os.close(fd)
        self._fd = self._lock = -1

    def try_lock(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock(self, title: str, wait: float, *, share: bool) -> State | None:
        """Takes the lock, or with ``share`` returns the state of the detached server that holds it."""
        deadline = time.monotonic() + wait
        ended_orphan = False
        while not self.try_lock():
            state = self.state()
            if share and state.detached:
                return state
            if time.monotonic() > deadline:
                if ended_orphan or not state.is_orphan:
                    raise self._in_use(title, state)
                send(state.server, STOP)
                ended_orphan, deadline = True, deadline + ORPHAN_SECONDS
            time.sleep(0.02)
        self.write_state(State(owner=os.getpid(), port=self.state().port))
        return None

    def _in_use(self, title: str, state: State) -> EmbeddedServerError:
        if state.detached:
            user = f"a detached {title} (pid {state.server})"
        else:
            user = f"a running Orion (pid {state.owner or 'unknown'})"
        return EmbeddedServerError(f"{self.path} is in use by {user}.", hint="Stop it, or choose another folder.")

    def state(self) -> State:
        with suppress(OSError, ValueError, TypeError):
            return State(**json.loads((self.path / "state.json").read_text()))
        return State()

    def write_state(self, state: State) -> None:
        self.write("state.json", json.dumps(asdict(state)), mode=0o600)

    def passwords(self, names: Sequence[str]) -> dict[str, str]:
        """The kept passwords, with new ones for names that have none."""
        kept: dict[str, str] = {}
        with suppress(FileNotFoundError, ValueError):
            kept = json.loads((self.path / "secrets.json").read_text())
        missing = {name: secrets.token_urlsafe(24) for name in names if name not in kept}
        if missing:
            self.write("secrets.json", json.dumps(kept | missing), mode=0o600)
        return kept | missing

    def write(self, name: str, text: str, *, mode: int) -> None:
        """Replaces a file as a whole. O_EXCL: in another user's folder root must not follow a link."""
        unfinished = self.path / f"{name}.new"
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)  # whatever the umask is
            file.write(os.fsencode(text))  # it may name paths, which are bytes
        unfinished.replace(self.path / name)

    def seen_by_server(self, name: str, account: Account | None) -> str:
        """A path inside the folder as the server may name it.

        A server under another account may not pass the folders above (a home is often 0700), and their modes
        are not ours to change. It inherits this folder's descriptor: /proc/self/fd leads there directly.
        """
        if account is not None and Path("/proc/self/fd").exists():
            return f"/proc/self/fd/{self._fd}/{name}"
        return str(self.path / name)

    def new_log(self) -> None:
        """Begins the log of this start; the one before is kept beside it."""
        with suppress(FileNotFoundError):
            self._log.replace(self._log.with_suffix(".log.1"))
        self.write(self._log.name, "", mode=0o600)

    def log(self) -> IO[bytes]:
        return self._log.open("ab")

    def log_text(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def sync(self) -> None:
        os.fsync(self._fd)

    def failure(self, fact: str) -> EmbeddedServerError:
        lines = self.log_text().splitlines()[-LOG_TAIL_LINES:]
        hint = f"The whole log is in {self._log}."
        if any("No space left on device" in line for line in lines):
            hint = f"Free some space on the disk of {self.path} and start again. {hint}"
        return EmbeddedServerError("\n  ".join([f"{fact} It said:", *lines]), hint=hint)
