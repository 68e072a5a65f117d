"""The child processes of ``orion up``: started, restarted when they die, heard in one log, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STOP_SECONDS = 8.0
COLOURS = {"web": "\033[36m", "worker": "\033[35m", "beat": "\033[33m", "relay": "\033[32m"}
PARENT = "ORION_UP_PID"
"""The environment's variable that tells a process which `orion up` it belongs to."""


@dataclass(slots=True)
class Child:
    """One process of the installation.

    Args:
        name: What its log lines start with.
        arguments: Arguments of the ``orion`` command.
    """

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    retry_at: float = 0.0


@dataclass(slots=True)
class Processes:
    """All children of one ``orion up``.

    Args:
        environment: Their environment.
    """

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> None:
        """Start ``orion <arguments>`` as a child."""
        child = Child(name, arguments)
        self.children.append(child)
        self._launch(child)

    def tend(self) -> None:
        """Start again, ever more slowly, what has died since the last look."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None and now >= child.retry_at:
                self._launch(child)
            elif child.process is not None and (code := child.process.poll()) is not None:
                child.failures = 1 if now - child.started > 60 else child.failures + 1
                child.retry_at = now + min(2**child.failures, 30)
                child.process = None
                say(child.name, f"ended with code {code}; starting it again")

    def stop(self) -> None:
        """Ask all children to end, and end those that do not."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, child: Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, "-m", "orion_host", *child.arguments],
            env={**self.environment, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=_relay_lines, args=(child.name, child.process), daemon=True).start()


def say(name: str, line: str) -> None:
    """Print a line of the common log."""
    colour = COLOURS.get(name, "") if sys.stdout.isatty() else ""
    reset = "\033[0m" if colour else ""
    print(f"{colour}{name:<8}{reset} {line}", flush=True)  # noqa: T201  this is the terminal's log


def _relay_lines(name: str, process: subprocess.Popen[str]) -> None:
    if process.stdout is not None:
        for line in process.stdout:
            say(name, line.rstrip())


def end_with_parent() -> None:
    """See to it that this process ends, with all of its own children, soon after the `orion up` that started it."""
    if parent := os.environ.pop(PARENT, None):
        threading.Thread(target=_end_after, args=(int(parent),), daemon=True).start()


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)  # we lead a group of our own: start_new_session
