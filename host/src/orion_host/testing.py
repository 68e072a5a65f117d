"""pytest fixtures for modules: a migrated database, tenants, clients per role, outbox, worker, clock, conformance.

Name ``orion_core.testing`` in a conftest; this plugin comes along.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy.orm import Session

from orion_core import testing as contract
from orion_core.context import NOWHERE, RequestContext, use_context
from orion_core.db import Database
from orion_core.runtime import Runtime, use_runtime
from orion_core.testing import Clock, Conformance, DatabaseUrls, Market, Outbox, SentTasks, Worker
from orion_host.assembly import Assembly, assemble
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.kit.fixtures.background import InProcessOutbox, InProcessWorker
from orion_host.kit.fixtures.conformance import ModuleConformance, chosen_modules, give_checks
from orion_host.kit.fixtures.market import Planted, plant_market
from orion_host.kit.fixtures.time import moved_clock
from orion_host.migrations.runner import Migrator
from orion_host.process import templates_of
from orion_host.web.app import create_app

__all__ = ["SentTasks", "Stage", "build_stage", "data_folder", "migrate"]


@dataclass(frozen=True, slots=True)
class Stage(contract.Stage):
    """The stage as tests of the host see it, with the whole assembly."""

    assembly: Assembly


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the mark."""
    config.addinivalue_line("markers", "conformance(*modules): the modules that a conformance test is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that takes ``conformance_check`` one check after another."""
    if "conformance_check" in metafunc.fixturenames:
        give_checks(metafunc, chosen_modules(metafunc))


@pytest.fixture(scope="session")
def assembly() -> Assembly:
    """Return the assembly of everything installed here."""
    return assemble(policy="strict")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Run one PostgreSQL for the test session."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres, assembly: Assembly) -> str:
    """Return the name of a migrated database that tests copy."""
    postgres.create_database("template_orion")
    migrate(postgres.urls("template_orion"), assembly)
    return "template_orion"


@pytest.fixture
def urls(postgres: EmbeddedPostgres, template: str) -> Iterator[PostgresUrls]:
    """Return the addresses of a fresh migrated database."""
    with copied_database(postgres, template) as urls:
        yield urls


@pytest.fixture
def stage(urls: PostgresUrls, assembly: Assembly) -> Iterator[Stage]:
    """Return an installation with all modules and nothing in it; its runtime is current."""
    with build_stage(urls, assembly) as built, use_runtime(built.runtime):
        yield built


@pytest.fixture
def session_for(stage: Stage) -> Iterator[Callable[[RequestContext], Session]]:
    """Return a function that opens a session for a tenant; it is rolled back after the test."""
    with ExitStack() as stack:

        def open_session(context: RequestContext) -> Session:
            stack.enter_context(use_context(context))
            return stack.enter_context(stage.runtime.database.session())

        yield open_session


@pytest.fixture(scope="session")
def planted_market(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Planted:
    """Fill a database with tenants whose people are signed in; ``market`` copies it."""
    postgres.create_database("template_orion_market", template=template)
    with (
        pytest.MonkeyPatch.context() as patch,
        build_stage(postgres.urls("template_orion_market"), assembly) as stage,
        use_runtime(stage.runtime),
    ):
        patch.setenv("ORION_TENANCY_LOGIN_ATTEMPTS", "1000")  # they all come from one address
        return plant_market(stage)


@pytest.fixture
def market(postgres: EmbeddedPostgres, planted_market: Planted, assembly: Assembly) -> Iterator[Market]:
    """Return a marketplace of its own for each test; its runtime is current."""
    with (
        copied_database(postgres, "template_orion_market") as urls,
        build_stage(urls, assembly) as stage,
        use_runtime(stage.runtime),
        use_context(NOWHERE),
    ):
        yield planted_market.on(stage)


@pytest.fixture
def outbox(market: Market) -> Outbox:
    """Return the events of the marketplace."""
    return InProcessOutbox(market.stage)


@pytest.fixture
def worker(market: Market) -> Worker:
    """Return who works off the task runs of the marketplace."""
    return InProcessWorker(market.stage)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Return the clock; the time is the usual one again after the test."""
    with moved_clock() as clock:
        yield clock


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> Iterator[Conformance]:
    """Return the conformance suite for a module."""
    with ModuleConformance(request.param, postgres) as suite:
        yield suite


@contextmanager
def copied_database(postgres: EmbeddedPostgres, template: str) -> Iterator[PostgresUrls]:
    """Copy a database for the time of the block.

    Args:
        postgres: The server.
        template: Name of the database to copy.

    Yields:
        The copy's addresses.
    """
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    yield postgres.urls(name)
    postgres.drop_database(name)


@contextmanager
def build_stage(urls: DatabaseUrls, assembly: Assembly) -> Iterator[Stage]:
    """Open an installation on a migrated database and close it at the end.

    Args:
        urls: The database.
        assembly: What is installed.

    Yields:
        The installation.
    """
    database, tasks = Database(urls.app, urls.platform, pool_size=5), SentTasks()
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    templates = templates_of(assembly)
    runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=tasks, make_templates=templates)
    try:
        yield Stage(assembly, urls, runtime, create_app(assembly, runtime), tasks)
    finally:
        database.close()


def migrate(urls: DatabaseUrls, assembly: Assembly) -> None:
    """Bring a test database to all heads."""
    migrator = Migrator(urls.owner, assembly.folders("migrations"))
    try:
        migrator.upgrade()
    finally:
        migrator.close()


def data_folder() -> Path | None:
    """Return the folder of real data that ``ORION_TEST_DATA`` names, or ``None``."""
    value = os.environ.get("ORION_TEST_DATA", "")
    return Path(value) if value and Path(value).is_dir() else None
