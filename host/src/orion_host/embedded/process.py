"""Starts a server as a child that cannot outlive us by accident, and stops it for certain."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from signal import SIGINT, SIGKILL, SIGQUIT
from typing import IO

from orion_host.embedded.account import Account

# Only what a server needs: initdb fails under an inherited LANG or LC_ALL that the machine does not have, and
# PG* variables would redirect it.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"}
# The fast and clean stop of both servers (on SIGTERM PostgreSQL waits for its clients to leave).
STOP = SIGINT
ESCALATION = ((STOP, 30.0), (SIGQUIT, 5.0), (SIGKILL, 5.0))
PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str],
    *,
    account: Account | None,
    output: int | IO[bytes],
    keep: Sequence[int] = (),
    feed: bytes | None = None,
    dies_with_us: bool = True,
) -> subprocess.Popen[bytes]:
    """Starts a command in its own session, so that a terminal's Ctrl-C reaches us and not the server.

    ``feed`` becomes its standard input. The parent-death signal belongs to the calling *thread*: the server
    stops when that thread ends.
    """
    process = subprocess.Popen(  # noqa: S603 - the command is built from binaries.py, without a shell
        command,
        cwd="/",  # ours may be closed to the account
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=keep,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # The signal must be set after the change of user, which clears it; only this hook runs then.
        preexec_fn=_parent_death_hook() if dies_with_us else None,  # noqa: PLW1509
    )
    if feed is not None and process.stdin:
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(feed)
    return process


def _parent_death_hook() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def hook() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(STOP))
        if os.getppid() != parent:  # it died before the signal was set
            os._exit(1)

    return hook


def stop(pid: int, gone: Callable[[], bool]) -> None:
    for signal, seconds in ESCALATION:
        if gone():
            return
        send(pid, signal)
        wait_until(gone, seconds)


def send(pid: int, signal: int) -> bool:
    """Whether the process was there; signal 0 only asks."""
    try:
        os.kill(pid, signal)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
