"""The revisions make exactly the tables of the models, and can be taken back and run again."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from sqlalchemy import text

from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_host.migrations.runner import Migrator, migration_context
from orion_tenancy.models import Base


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
    with migrator.engine.connect() as connection:
        context = migration_context(
            connection,
            "tenancy",
            include_schemas=True,
            include_name=lambda name, kind, _: kind != "schema" or name == "tenancy",
            include_object=lambda item, name, kind, _reflected, _other: (
                kind != "table" or (item.schema == "tenancy" and name != "alembic_version")
            ),
        )
        assert compare_metadata(context, Base.metadata) == []
