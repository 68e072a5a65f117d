"""pytest fixtures for modules: a migrated database, a session per tenant, a web client. A pytest plugin."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet, MultiFernet
from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from orion_core.context import RequestContext, use_context
from orion_core.db import Database
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.runner import Migrator
from orion_host.web.app import create_app


@dataclass(slots=True)
class SentTasks:
    """A task sender that remembers what it was given instead of sending it."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:  # noqa: ARG002
        """Remember a run as pair of task name and run id."""
        self.sent.append((name, run_id))


@dataclass(frozen=True, slots=True)
class Stage:
    """An installation to test on: all installed modules, an empty migrated database, a web application."""

    assembly: Assembly
    urls: PostgresUrls
    runtime: Runtime
    app: FastAPI
    tasks: SentTasks

    def client(self) -> TestClient:
        """Return a browser-like client with cookies of its own; it does not follow redirects."""
        return TestClient(self.app, follow_redirects=False, raise_server_exceptions=False)


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
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    yield postgres.urls(name)
    postgres.drop_database(name)


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


@contextmanager
def build_stage(urls: PostgresUrls, assembly: Assembly) -> Iterator[Stage]:
    """Open an installation on a migrated database and close it at the end.

    Args:
        urls: The database.
        assembly: What is installed.

    Yields:
        The installation.
    """
    database, tasks = Database(urls.app, urls.platform, pool_size=5), SentTasks()
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=tasks)
    try:
        yield Stage(assembly, urls, runtime, create_app(assembly, runtime), tasks)
    finally:
        database.close()


def migrate(urls: PostgresUrls, assembly: Assembly) -> None:
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
