"""A web application of the core and the sample module, on a database of its own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from orion_core.db.operations import SCOPES, policy_statements
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, InstalledModule, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres
from orion_host.testing import Stage, build_stage, migrate
from tests.host.web import sample


@pytest.fixture(scope="module")
def shelves() -> Assembly:
    core = [module for module in installed_modules() if module.name == "core"]
    own = InstalledModule(name="shelves", plugin="tests.host.web.sample", distribution="tests", version="1")
    return assemble([*core, own])


@pytest.fixture(scope="module")
def shelf_stage(postgres: EmbeddedPostgres, shelves: Assembly) -> Iterator[Stage]:
    name = f"shelves_{uuid4().hex[:8]}"
    postgres.create_database(name)
    urls = postgres.urls(name)
    migrate(urls, shelves)
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA shelves"))
        connection.execute(text("GRANT USAGE ON SCHEMA shelves TO orion_app, orion_platform"))
        sample.Shelf.__table__.create(connection)  # type: ignore[attr-defined]
        for statement in policy_statements("shelves", "shelf", SCOPES["store"]):
            connection.execute(text(statement))
        connection.execute(text("GRANT ALL ON shelves.shelf TO orion_app, orion_platform"))
    with build_stage(urls, shelves) as stage:
        yield stage
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def client(shelf_stage: Stage) -> TestClient:
    sample.directory.off = frozenset()
    with use_runtime(shelf_stage.runtime), shelf_stage.runtime.database.platform_session() as session:
        session.execute(text("DELETE FROM shelves.shelf"))
        session.commit()
    return shelf_stage.client()
