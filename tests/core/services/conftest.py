"""The core module alone on a real database, and tenants to act for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy.orm import Session

from orion_core.context import Actor, MerchantRef, PlatformRef, RequestContext, StoreRef, Tenant, use_context
from orion_core.db import Database, unit_of_work
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres
from orion_host.testing import SentTasks, migrate

Work = Callable[[RequestContext], AbstractContextManager[Session]]


@pytest.fixture(scope="session")
def core_only() -> Assembly:
    return assemble([module for module in installed_modules() if module.name == "core"])


@pytest.fixture(scope="module")
def runtime(postgres: EmbeddedPostgres, core_only: Assembly) -> Iterator[Runtime]:
    name = f"core_{uuid4().hex[:8]}"
    postgres.create_database(name)
    urls = postgres.urls(name)
    migrate(urls, core_only)
    database = Database(urls.app, urls.platform)
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    runtime = Runtime(assembly=core_only, database=database, cipher=cipher, tasks=SentTasks())
    with use_runtime(runtime):
        yield runtime
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def work(runtime: Runtime) -> Work:
    """Return a function that opens one committed unit of work for a tenant."""

    @contextmanager
    def open_unit(context: RequestContext) -> Iterator[Session]:
        with use_runtime(runtime), use_context(context), unit_of_work() as session:
            yield session

    return open_unit


def a_store(platform: PlatformRef | None = None, merchant: MerchantRef | None = None) -> RequestContext:
    """Return the context of a new store, of a new merchant and platform unless given."""
    platform = platform or PlatformRef(id=new_id(), code="p", name="P")
    merchant = merchant or MerchantRef(id=new_id(), code="m", name="M")
    store = StoreRef(id=new_id(), code="s", name="S")
    actor = Actor(kind="user", id=new_id(), name="Ada")
    return RequestContext(tenant=Tenant(platform=platform, merchant=merchant, store=store), actor=actor)


def above(context: RequestContext, level: str) -> RequestContext:
    """Return the context of a store's merchant or platform."""
    assert context.tenant is not None
    merchant = context.tenant.merchant if level == "merchant" else None
    return RequestContext(tenant=Tenant(platform=context.tenant.platform, merchant=merchant), actor=context.actor)
