"""Other processes with servers of their own, and folders they may enter."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.host.embedded.other import OtherOrion, Start


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
