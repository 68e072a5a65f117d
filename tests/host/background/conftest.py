"""One database and one broker for the tests of this folder."""

from collections.abc import Iterator

import pytest
from redis import Redis

from orion_host.background.sender import CelerySender
from tests.host.background.stage import Servers, Stage, run_servers, stage

__all__ = ["servers", "stage"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with run_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture
def broker(stage: Stage) -> Iterator[Redis]:
    """Empty the broker, and have the test's own process send to it."""
    client = Redis.from_url(stage.broker_url)
    client.flushall()
    sender = CelerySender(stage.broker_url)
    stage.tasks.send, stage.tasks.send_deliveries = sender.send, sender.send_deliveries  # type: ignore[method-assign]
    stage.tasks.depths = sender.depths  # type: ignore[method-assign]
    yield client
    sender.close()
    client.close()
