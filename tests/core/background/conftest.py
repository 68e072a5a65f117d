"""One database and one broker for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.host.background.stage import Servers, run_servers, stage

__all__ = ["servers", "stage"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with run_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running
