"""Every tenant table of every installed module is under a forced policy, and really keeps tenants apart."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import Row
from sqlalchemy.exc import ProgrammingError

from orion_core.context import NOWHERE, PlatformRef, RequestContext, StoreRef, Tenant, use_context
from orion_core.db import METADATA, platform_scope
from orion_core.ids import new_id
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_host.migrations.drift import UNPROTECTED
from orion_host.testing import Stage, build_stage
from orion_host.up.demo import plant_demo

FOREIGN_KEYS = """
    SELECT c.conname, r.relname AS referrer, t.relname AS target, array_length(c.conkey, 1) AS columns
    FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.conrelid
    JOIN pg_class t ON t.oid = c.confrelid
    WHERE c.contype = 'f'
      AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attname = 'store_id' AND a.attnotnull)
      AND EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
                  WHERE i.indrelid = t.oid AND i.indisprimary AND a.attname = 'store_id')
"""
UNIQUE_WITHOUT_STORE = """
    SELECT n.nspname || '.' || c.relname AS name, pg_get_indexdef(i.indexrelid) AS index
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute s ON s.attrelid = c.oid AND s.attname = 'store_id' AND s.attnotnull
    WHERE i.indisunique AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND s.attnum <> i.indkey[0]
"""


@pytest.fixture(scope="module")
def planted(postgres: EmbeddedPostgres, template: str, assembly: Assembly) -> Iterator[Stage]:
    """An installation with the whole demo marketplace in it."""
    postgres.create_database("policies", template=template)
    with build_stage(postgres.urls("policies"), assembly) as stage, use_runtime(stage.runtime):
        plant_demo(assembly)
        yield stage
    postgres.drop_database("policies")


@pytest.fixture(scope="module")
def stores(planted: Stage) -> list[RequestContext]:
    with use_context(NOWHERE), platform_scope("test") as session:
        rows = session.execute(text("SELECT id, platform_id, code, name FROM tenancy.stores ORDER BY code")).all()
    return [context_of(row) for row in rows]


def context_of(row: Row[UUID, UUID, str, str]) -> RequestContext:
    platform = PlatformRef(id=row[1], code="p", name="P")
    return RequestContext(tenant=Tenant(platform=platform, store=StoreRef(id=row[0], code=row[2], name=row[3])))


def store_tables() -> list[str]:
    return sorted(
        name
        for name, table in METADATA.tables.items()
        if "store_id" in table.primary_key.columns and not name.startswith(("shelves.", "sample."))
    )


def count(connection: Connection, statement: str) -> int:
    return int(connection.scalar(text(statement)) or 0)


def changed(connection: Connection, statement: str) -> int:
    """Return how many rows a statement changed; none if the role may not run it at all (append-only tables)."""
    savepoint = connection.begin_nested()
    try:
        return connection.execute(text(statement)).rowcount
    except ProgrammingError as error:
        if "permission denied" in str(error):
            return 0
        raise
    finally:
        savepoint.rollback()


def test_every_tenant_table_has_a_forced_policy(planted: Stage) -> None:
    engine = create_engine(planted.urls.owner)
    with engine.connect() as connection:
        assert connection.execute(text(UNPROTECTED)).all() == []
    engine.dispose()


def test_references_between_tables_of_stores_carry_the_store(planted: Stage) -> None:
    engine = create_engine(planted.urls.owner)
    with engine.connect() as connection:
        plain = [tuple(row) for row in connection.execute(text(FOREIGN_KEYS)) if row.columns < 2]
        loose = [tuple(row) for row in connection.execute(text(UNIQUE_WITHOUT_STORE))]
    engine.dispose()
    assert plain == []
    # A token of 256 bits is looked up before anybody knows its tenant, and tells nothing about other rows.
    # Numbers of invoices count per merchant, whichever of its stores sells: decision 0015.
    allowed = ("(token_hash)", "(merchant_id, series_id, sequence)")
    assert [name for name, index in loose if not any(columns in index for columns in allowed)] == []


def test_without_a_tenant_no_table_of_stores_shows_a_row(planted: Stage) -> None:
    shown = {}
    with use_context(NOWHERE), planted.runtime.database.session() as session:
        for name in store_tables():
            shown[name] = count(session.connection(), f"SELECT count(*) FROM {name}")
    assert len(shown) >= 5
    assert set(shown.values()) == {0}


def test_no_store_reads_or_writes_another_stores_rows(planted: Stage, stores: list[RequestContext]) -> None:
    touched: set[str] = set()
    for store in stores:
        with use_context(store), planted.runtime.database.session() as session:
            connection = session.connection()
            for name in store_tables():
                foreign = f"store_id <> '{store.store_id}'"
                touched |= {name} if count(connection, f"SELECT count(*) FROM {name}") else set()
                assert count(connection, f"SELECT count(*) FROM {name} WHERE {foreign}") == 0
                assert changed(connection, f"UPDATE {name} SET store_id = store_id WHERE {foreign}") == 0
                assert changed(connection, f"DELETE FROM {name} WHERE {foreign}") == 0
            session.rollback()
    assert len(touched) >= 5, "the demo fills several tables, otherwise this proves nothing"


def test_a_row_of_another_store_cannot_be_written(planted: Stage, stores: list[RequestContext]) -> None:
    mine, other = stores[:2]
    row = {"id": new_id(), "store": other.store_id}
    columns = "(id, code, period, last_value, store_id) VALUES (:id, 'x', '', 0, :store)"
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with use_context(mine), planted.runtime.database.session() as session, refused:
        session.execute(text(f"INSERT INTO core.number_series {columns}"), row)


def test_neither_application_role_can_widen_itself(planted: Stage, stores: list[RequestContext]) -> None:
    for statement in ("SET ROLE orion_owner", "SET ROLE orion_platform", "SET row_security = off"):
        with use_context(stores[0]), planted.runtime.database.session() as session:
            try:
                session.execute(text(statement))
                seen = session.scalar(text("SELECT count(DISTINCT id) FROM tenancy.stores"))
            except ProgrammingError:
                continue
            assert seen is not None
            assert seen <= 1
