"""One running demo marketplace for all tests that look at it from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningOrion


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the running installation."""
    return tmp_path_factory.mktemp("up") / "installation"


@pytest.fixture(scope="session")
def up(data: Path) -> Iterator[RunningOrion]:
    """Return the running installation."""
    with RunningOrion(data, "--demo") as running:
        yield running
