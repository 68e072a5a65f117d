"""Another Orion in another process, to be killed, raced and run as somebody else."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
