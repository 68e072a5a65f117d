"""Installations to test on: one where nothing is committed, and fresh ones for tests through HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, use_context
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres
from orion_host.testing import Stage, build_stage, migrate
from tests.modules.tenancy.tenants import Tenants


@pytest.fixture(scope="session")
def assembly() -> Assembly:
    """Core and tenancy alone: what every other module builds on must work without any of them."""
    return assemble([module for module in installed_modules() if module.name in {"core", "tenancy"}])


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres, assembly: Assembly) -> str:
    postgres.create_database("template_tenancy")
    migrate(postgres.urls("template_tenancy"), assembly)
    return "template_tenancy"


@pytest.fixture(autouse=True)
def many_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests come from one address; those about guessing set a limit of their own, which counts apart."""
    monkeypatch.setenv("ORION_TENANCY_LOGIN_ATTEMPTS", "1000")


@pytest.fixture(scope="session")
def still_stage(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Iterator[Stage]:
    """An installation for tests that roll back: nothing is ever committed there."""
    postgres.create_database("test_tenancy_still", template=template)
    with build_stage(postgres.urls("test_tenancy_still"), assembly) as built:
        yield built


@pytest.fixture
def session(still_stage: Stage) -> Iterator[Session]:
    """A platform-wide session that is rolled back."""
    with (
        use_runtime(still_stage.runtime),
        use_context(RequestContext()),
        still_stage.runtime.database.platform_session() as session,
    ):
        yield session


@pytest.fixture
def tenants(session: Session) -> Tenants:
    return Tenants(session)


@pytest.fixture
def committed(stage: Stage) -> Callable[[Callable[[Tenants], Any]], Any]:
    """Run a function on tenants that stay, for tests through HTTP."""

    def run(make: Callable[[Tenants], Any]) -> Any:
        with use_context(RequestContext()), stage.runtime.database.platform_session() as session, session.begin():
            return make(Tenants(session))

    return run
