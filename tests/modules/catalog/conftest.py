"""Two stores with API keys, in a database that each test gets a copy of."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from orion_core.context import RequestContext, Tenant, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.runtime import use_runtime
from orion_core.services.api_keys import create_api_key
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.testing import Stage, build_stage
from tests.modules.catalog.market import PERMISSIONS, Market
from tests.modules.tenancy.tenants import Tenants


@pytest.fixture(scope="session")
def market(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Market:
    postgres.create_database("template_market", template=template)
    market = Market()
    with (
        build_stage(postgres.urls("template_market"), assembly) as stage,
        use_runtime(stage.runtime),
        use_context(RequestContext()),
        platform_scope("furnish a test") as session,
    ):
        tenants = Tenants(session)
        merchant = tenants.merchant(tenants.platform())
        for code in ("mine", "other"):
            tenants.store(merchant, code, locale="en", locales=["en", "fr", "de", "lb"])
            session.flush()
            tenant = assembly.contributions("orion_tenants")[0][1].find_store(session, code)
            market.tenants[code] = tenant
            with use_context(RequestContext(tenant=tenant)):
                _, market.keys[code] = create_api_key(session, "till", PERMISSIONS)
                _, market.viewers[code] = create_api_key(session, "screen", ["catalog.view_products"])
                session.flush()
    return market


@pytest.fixture
def urls(postgres: EmbeddedPostgres, market: Market) -> Iterator[PostgresUrls]:
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name, template="template_market")
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def store(stage: Stage, market: Market) -> Iterator[Tenant]:
    """The store the test works for; its context is current."""
    with use_context(market.context("mine")):
        yield market.tenants["mine"]


@pytest.fixture
def work(store: Tenant) -> Callable[[], AbstractContextManager[Session]]:
    return unit_of_work


@pytest.fixture
def client(stage: Stage, market: Market) -> Callable[..., TestClient]:
    """A client that may do everything in a store's catalogue, or nothing without a key."""

    def open_client(code: str = "mine", keys: dict[str, str] | None = None, **headers: Any) -> TestClient:
        client = stage.client()
        key = (market.keys if keys is None else keys).get(code)
        client.headers.update({**({"Authorization": f"Bearer {key}"} if key else {}), **headers})
        return client

    return open_client
