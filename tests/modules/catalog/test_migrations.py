"""The migrations: up, down and up again, equal to the models, with and without the contrib extensions."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_host.migrations.autogenerate import differences
from orion_host.migrations.runner import Migrator


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    postgres.create_database(name)
    yield name
    postgres.drop_database(name)


def test_up_down_and_up_without_drift(postgres: EmbeddedPostgres, database: str, assembly: Assembly) -> None:
    folders = assembly.folders("migrations")
    below = {name: folders[name] for name in ("core", "tenancy", "catalog")}  # others could not do without it
    migrator = Migrator(postgres.urls(database).owner, below)
    try:
        migrator.upgrade()
        assert differences(migrator).get("catalog") is None
        migrator.downgrade("catalog", None)
        again = migrator.upgrade()
        assert [revision.module for revision in again] == ["catalog"] * 3
    finally:
        migrator.close()


def test_migrations_run_without_the_extensions(postgres: EmbeddedPostgres, database: str, assembly: Assembly) -> None:
    with psycopg.connect(postgres.superuser_dsn(database), autocommit=True) as superuser:
        superuser.execute("DROP EXTENSION IF EXISTS pg_trgm, unaccent")
    migrator = Migrator(postgres.urls(database).owner, assembly.folders("migrations"))
    try:
        migrator.upgrade()
        with migrator.engine.connect() as connection:
            plain = connection.exec_driver_sql("SELECT catalog.plain('é'), catalog.closest_word('x')").one()
        assert tuple(plain) == ("é", None)
    finally:
        migrator.close()
