"""Databases to migrate, purge and dump: empty ones, copies of a planted marketplace; modules of migrations only."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.runner import Migrator
from orion_host.testing import build_stage, migrate
from orion_host.up.demo import plant_demo
from tests.host.migrations.revisions import write_module

MakeModule = Callable[..., Path]


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[PostgresUrls]:
    yield from new_database(postgres)


@pytest.fixture
def other(postgres: EmbeddedPostgres) -> Iterator[PostgresUrls]:
    """Return the addresses of a second empty database."""
    yield from new_database(postgres)


def new_database(postgres: EmbeddedPostgres) -> Iterator[PostgresUrls]:
    name = f"empty_{uuid4().hex[:12]}"
    postgres.create_database(name)
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def module(tmp_path: Path) -> MakeModule:
    """Write a module's ``migrations`` folder from the bodies of its revisions, or write it anew."""

    def make(name: str, *steps: str, requires: dict[int, tuple[str, ...]] | None = None) -> Path:
        return write_module(tmp_path / name, *steps, requires=requires or {})

    return make


@pytest.fixture(scope="session")
def three() -> Assembly:
    """Core, tenancy and catalog alone: tests purge catalog and take it back, so nothing may require it."""
    return assemble([module for module in installed_modules() if module.name in {"core", "tenancy", "catalog"}])


@pytest.fixture(scope="session")
def market_template(postgres: EmbeddedPostgres, three: Assembly) -> str:
    """Return the name of a database with the three modules' demo marketplace in it, for tests to copy."""
    postgres.create_database("template_planted")
    migrate(postgres.urls("template_planted"), three)
    with build_stage(postgres.urls("template_planted"), three) as stage, use_runtime(stage.runtime):
        plant_demo(three)
    return "template_planted"


@pytest.fixture
def market(postgres: EmbeddedPostgres, market_template: str) -> Iterator[PostgresUrls]:
    """Return the addresses of a demo marketplace of one's own."""
    name = f"market_{uuid4().hex[:12]}"
    postgres.create_database(name, template=market_template)
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def migrator(market: PostgresUrls, three: Assembly) -> Iterator[Migrator]:
    """Return the migrator of the demo marketplace, with its modules installed."""
    migrator = Migrator(market.owner, three.folders("migrations"))
    yield migrator
    migrator.close()
