"""Another Orion in another process, to be killed, raced and run as somebody else."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

STARTER = Path(__file__).with_name("starter.py")


class OtherOrion:
    """A process that runs one embedded server."""

    def __init__(self, options: dict[str, Any], environment: dict[str, str], prefix: list[str]) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-W", "error", str(STARTER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
            text=True,
        )
        assert self.process.stdin
        self.process.stdin.write(json.dumps(options) + "\n")
        self.process.stdin.flush()

    @property
    def pid(self) -> int:
        return self.process.pid

    def answer(self) -> dict[str, Any]:
        """What it said once its server works or has failed."""
        assert self.process.stdout
        facts: dict[str, Any] = json.loads(self.process.stdout.readline())
        return facts

    def kill(self) -> None:
        self.process.kill()
        self.close()

    def close(self) -> None:
        self.process.communicate(timeout=30)


Start = Callable[..., OtherOrion]


@pytest.fixture
def other_orion() -> Iterator[Start]:
    started: list[OtherOrion] = []

    def start(
        server: str,
        root: Path,
        *,
        uid: int | None = None,
        shared: Path | None = None,
        deaf: bool = False,
        environment: dict[str, str] | None = None,
        prefix: list[str] | None = None,
        **arguments: Any,
    ) -> OtherOrion:
        options = {"server": server, "root": str(root), "uid": uid, "deaf": deaf, "arguments": arguments}
        options["shared"] = str(shared) if shared else None
        started.append(OtherOrion(options, environment or {}, prefix or []))
        return started[-1]

    yield start
    for orion in started:
        if orion.process.returncode is None:
            orion.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to all but the one who runs it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def root_only() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can start servers as another user")
