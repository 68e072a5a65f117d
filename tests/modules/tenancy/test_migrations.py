"""The revisions make exactly the tables of the models, and can be taken back and run again."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_host.migrations.autogenerate import differences
from orion_host.migrations.runner import Migrator


@pytest.fixture
def migrator(postgres: EmbeddedPostgres, assembly: Assembly) -> Iterator[Migrator]:
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name)
    migrator = Migrator(postgres.urls(name).owner, assembly.folders("migrations"))
    yield migrator
    migrator.close()
    postgres.drop_database(name)


def test_up_down_and_up_again(migrator: Migrator) -> None:
    migrator.upgrade()
    migrator.downgrade("tenancy", None)
    with migrator.engine.connect() as connection:
        left = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'tenancy'")
        assert connection.scalars(left).all() == ["alembic_version"]
    assert [revision.id for revision in migrator.upgrade()] == ["tenancy_0001", "tenancy_0002"]


def test_models_and_migrations_agree(migrator: Migrator) -> None:
    migrator.upgrade()
    assert differences(migrator) == {}
