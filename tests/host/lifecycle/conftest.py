"""A database in which only the core module is migrated, and runtimes on it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from orion_core.runtime import Runtime
from orion_host.assembly import Assembly, assemble
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from tests.host.assembly.conftest import install
from tests.host.lifecycle.examples import CORE, Open, open_runtime, upgrade

__all__ = ["install"]


@pytest.fixture
def urls(postgres: EmbeddedPostgres) -> Iterator[PostgresUrls]:
    name = f"life_{uuid4().hex[:8]}"
    postgres.create_database(name)
    upgrade(postgres.urls(name), assemble(CORE))
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def runtime(urls: PostgresUrls) -> Open:
    def runtime(assembly: Assembly) -> Runtime:
        return open_runtime(assembly, urls.app, urls.platform)

    return runtime
