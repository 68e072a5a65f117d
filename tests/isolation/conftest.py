"""The demo marketplace in this process, and browsers signed in as people of it."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_host.testing import Stage, build_stage
from orion_host.up.demo import Demo, plant_demo
from tests.isolation.belongings import Belongings, belongings

SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def market(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Iterator[tuple[Stage, Demo]]:
    """Return an installation with the demo in it."""
    postgres.create_database("isolation", template=template)
    with build_stage(postgres.urls("isolation"), assembly) as stage:
        with use_runtime(stage.runtime):
            demo = plant_demo(assembly)
        yield stage, demo
    postgres.drop_database("isolation")


@pytest.fixture(scope="module")
def sign_in(market: tuple[Stage, Demo]) -> SignIn:
    """Return a function that gives a browser signed in as a demo login."""
    stage, demo = market

    def sign_in(email: str) -> TestClient:
        client = stage.client()
        answer = client.post("/login", data={"email": email, "password": demo.password})
        assert answer.status_code == 303, answer.text
        return client

    return sign_in


@pytest.fixture(scope="module")
def mine(market: tuple[Stage, Demo]) -> Belongings:
    """Return what belongs to the store whose people the tests are."""
    return belongings(market[0].urls.owner, "haff-keramik", market[0].assembly.modules)


@pytest.fixture(scope="module")
def theirs(market: tuple[Stage, Demo]) -> Belongings:
    """Return what belongs to a store of another merchant."""
    return belongings(market[0].urls.owner, "epicerie-verte", market[0].assembly.modules)
