"""A real ``orion up`` in a process of its own, for tests that look at it from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from http.cookiejar import CookieJar
from pathlib import Path

READY = "Ctrl-C stops everything"
ORION = (sys.executable, "-m", "orion_host")


def clean_environment(data: Path) -> dict[str, str]:
    """Return this process's environment without settings of another installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORION_", "VIRTUAL_ENV"))}
    return {**kept, "ORION_DATA_DIR": str(data)}


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningOrion:
    """``orion up``, from the start of the block until its end, where it gets a Ctrl-C.

    Args:
        data: The installation's folder.
        arguments: Further arguments, such as ``--demo``.
        command: The ``orion`` command.
        user: Numeric user to run as; the present one if omitted.
        environment: Variables to add.
    """

    def __init__(
        self,
        data: Path,
        *arguments: str,
        command: Sequence[str] = ORION,
        user: int | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.log = data.parent / f"up-{self.port}.log"
        self._data = data
        self._arguments = [*command, "up", "--port", str(self.port), *arguments]
        self._options = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
        self._environment = {**clean_environment(data), **(environment or {})}

    def start(self, seconds: float = 120) -> "RunningOrion":
        """Start it and wait until it says that it is ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._arguments,
                env=self._environment,
                cwd=self._data.parent,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._options,  # type: ignore[call-overload]
            )
        deadline = time.monotonic() + seconds
        while READY not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)
        return self

    def said(self) -> str:
        """Return its log so far."""
        return self.log.read_text(errors="replace")

    def logins(self) -> tuple[str, dict[str, str]]:
        """Return the demo's password and its logins by role, as they are printed."""
        said = self.said()
        password = re.search(r"password for all: (\S+)", said)
        assert password is not None, said
        return password[1], dict(re.findall(r"^  (\S.*?)\s{2,}(\S+@\S+)$", said, re.MULTILINE))

    def shops(self) -> list[str]:
        """Return the paths of the demo's open shops, as they are printed."""
        return re.findall(r"(/shop/\S+)", self.said())

    def stop(self, seconds: float = 30) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return int(self.process.wait(seconds))

    def browser(self) -> "Visitor":
        """Return a visitor with cookies of their own."""
        return Visitor(f"http://127.0.0.1:{self.port}")

    def __enter__(self) -> "RunningOrion":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            assert self.stop() == 0, self.said()


class Visitor:
    """A browser without a screen: cookies, redirects, forms.

    Args:
        address: Where Orion answers.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page and return status and text."""
        return self._open(urllib.request.Request(self._address + path, headers={"accept": "text/html"}))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form and return status and text of the page it led to."""
        data = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._address + path, data=data, headers={"accept": "text/html"}))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
