"""Sessions set the tenant with BEGIN, give it up with the transaction, and survive a restarted server."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from orion_core.context import NOWHERE, PlatformRef, RequestContext, StoreRef, Tenant, use_context
from orion_core.db import Database, Prepared
from orion_core.db import session as sessions
from orion_core.db.session import begin_statement
from orion_host.embedded import EmbeddedPostgres

SETTING = text("SELECT current_setting('orion.store_id', true)")


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Database:
    urls = postgres.urls("postgres")
    return Database(urls.app, urls.platform, pool_size=1)


def a_store() -> RequestContext:
    platform = PlatformRef(id=uuid4(), code="p", name="P")
    return RequestContext(tenant=Tenant(platform=platform, store=StoreRef(id=uuid4(), code="s", name="S")))


def test_a_transaction_knows_its_tenant_and_the_next_one_does_not(database: Database) -> None:
    store = a_store()
    with use_context(store), database.session() as session:
        assert session.scalar(SETTING) == str(store.store_id)
        session.commit()
    with use_context(NOWHERE), database.session() as session:
        assert not session.scalar(SETTING)
    database.close()


def test_a_prepared_statement_is_always_run_in_the_transaction_of_its_tenant(database: Database) -> None:
    setting, first, second = Prepared(SETTING), a_store(), a_store()
    with database.session() as session:
        for end in (session.commit, session.rollback, session.close, session.commit):
            for store in (first, second):
                with use_context(store):
                    assert setting.rows(session, {}) == [(str(store.store_id),)]
                    with session.begin_nested():
                        assert setting.rows(session, {}) == [(str(store.store_id),)]
                    assert session.in_transaction()
                    end()
                    assert not session.in_transaction()
    database.close()


def test_a_rolled_back_transaction_leaves_nothing(database: Database) -> None:
    with use_context(a_store()), database.session() as session:
        session.execute(text("CREATE TEMP TABLE gone (id int)"))
        session.rollback()
        assert session.scalar(text("SELECT to_regclass('gone')")) is None
    database.close()


def test_begin_and_tenant_are_one_message() -> None:
    store = a_store()
    assert begin_statement(NOWHERE) == "BEGIN"
    assert begin_statement(store).startswith("BEGIN; SET LOCAL orion.platform_id = '")


def test_a_restarted_server_costs_no_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 0.0)
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        urls = server.urls()
        database = Database(urls.app, urls.platform, pool_size=1)
        with database.session() as session:
            session.execute(text("SELECT 1"))
        server.stop()
        server.start()
        with database.session() as session:
            assert session.scalar(text("SELECT 2")) == 2
        database.close()
