"""An installation with a town in it, for each test a copy of its own, and clients of the people there."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.testing import Stage, build_stage
from tests.core.admin.town import build
from tests.modules.tenancy.tenants import PASSWORD


@pytest.fixture(autouse=True)
def many_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_TENANCY_LOGIN_ATTEMPTS", "1000")


@pytest.fixture(scope="session")
def town(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> dict[str, Any]:
    """Return ids and keys of a town in a database that tests copy."""
    postgres.create_database("template_background", template=template)
    with (
        build_stage(postgres.urls("template_background"), assembly) as stage,
        use_runtime(stage.runtime),
        use_context(NOWHERE),
        platform_scope("test") as session,
    ):
        return build(session)


@pytest.fixture
def urls(postgres: EmbeddedPostgres, town: dict[str, Any]) -> Iterator[PostgresUrls]:
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name, template="template_background")
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def caller(stage: Stage, town: dict[str, Any]) -> Callable[[str], TestClient]:
    """Return a function that gives the client of a machine with a key."""

    def client(key: str) -> TestClient:
        made = stage.client()
        made.headers["Authorization"] = f"Bearer {town[key]}"
        return made

    return client


@pytest.fixture
def person(stage: Stage) -> Callable[[str], TestClient]:
    """Return a function that gives the browser of a person who has signed in."""

    def client(name: str) -> TestClient:
        made = stage.client()
        given = {"email": f"{name}@example.com", "password": PASSWORD}
        assert made.post("/login", data=given).status_code == 303
        return made

    return client
