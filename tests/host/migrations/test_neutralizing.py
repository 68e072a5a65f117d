"""A neutralised copy reaches nobody: its keys, jobs, events and secrets are dead, and it says so itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Column, Integer, Table
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, use_context
from orion_core.db import METADATA, EncryptedText
from orion_core.runtime import use_runtime
from orion_core.services.neutralize import neutralized_at
from orion_host.assembly import Assembly
from orion_host.embedded import PostgresUrls
from orion_host.migrations.neutralizing import NotNeutralized, neutralize
from orion_host.migrations.runner import Migrator
from orion_host.testing import build_stage
from tests.host.migrations.revisions import contents, do, rows
from tests.host.migrations.test_purge import MENTION

NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def busy(migrator: Migrator) -> Migrator:
    """A marketplace with a key, a queued and a running job, an undelivered event and a half delivered one."""
    do(
        migrator.engine,
        *MENTION.split(";"),
        "INSERT INTO core.task_run (id, task, queue, args, status, attempts, max_attempts, cancel_requested,"
        " progress_done, state, locale, request_id) VALUES (gen_random_uuid(), 'catalog.import_feed', 'default', '{}',"
        " 'running', 1, 1, false, 0, '{}', 'en', 'r')",
    )
    return migrator


def test_nothing_of_core_is_left_to_run_or_to_be_used(busy: Migrator, three: Assembly) -> None:
    done = neutralize(busy, three, NOBODY)
    assert done["core"]["API keys revoked"] == 1
    assert done["core"]["task runs cancelled"] >= 2
    assert rows(busy, "SELECT count(*) FROM core.api_key WHERE revoked_at IS NULL") == [(0,)]
    assert rows(busy, "SELECT count(*) FROM core.task_run WHERE finished_at IS NULL") == [(0,)]
    assert rows(busy, "SELECT count(*) FROM core.event_delivery WHERE status IN ('pending', 'failed')") == [(0,)]
    assert rows(busy, "SELECT count(*) FROM core.outbox_event WHERE relayed_at IS NULL") == [(0,)]


def test_a_second_time_changes_nothing(busy: Migrator, three: Assembly) -> None:
    neutralize(busy, three, NOBODY)
    before = contents(busy, "core", "tenancy", "catalog")
    again = neutralize(busy, three, NOBODY)
    assert {count for counts in again.values() for count in counts.values()} == {0}
    assert contents(busy, "core", "tenancy", "catalog") == before


def test_the_copy_says_since_when_it_is_neutralised(migrator: Migrator, three: Assembly, market: PostgresUrls) -> None:
    with Session(migrator.engine) as session:
        assert neutralized_at(session) is None
    neutralize(migrator, three, NOBODY)
    with (
        build_stage(market, three) as stage,
        use_runtime(stage.runtime),
        use_context(RequestContext()),
        stage.runtime.database.platform_session() as session,
    ):
        since = neutralized_at(session)
    assert since is not None
    assert datetime.now(UTC) - since < timedelta(minutes=5)


@pytest.fixture
def secrets(migrator: Migrator) -> Iterator[Table]:
    """A module's table with two secrets, one of which must not be NULL."""
    table = Table(
        "vault",
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("token", EncryptedText),
        Column("password", EncryptedText, nullable=False),
        schema="catalog",
    )
    do(
        migrator.engine,
        "CREATE TABLE catalog.vault (id int PRIMARY KEY, token text, password text NOT NULL)",
        "INSERT INTO catalog.vault VALUES (1, 'sealed', 'sealed'), (2, NULL, '')",
    )
    yield table
    METADATA.remove(table)


def test_stored_secrets_are_blanked_without_any_key(secrets: Table, migrator: Migrator, three: Assembly) -> None:
    assert neutralize(migrator, three, NOBODY)["core"]["secrets blanked"] == 2
    assert rows(migrator, "SELECT token, password FROM catalog.vault") == [(None, ""), (None, "")]
    with migrator.engine.connect() as connection:
        assert connection.execute(secrets.select().order_by(secrets.c.id)).all() == [(1, None, ""), (2, None, "")]


def test_a_database_that_processes_work_on_is_no_copy(migrator: Migrator, three: Assembly) -> None:
    do(
        migrator.engine,
        "DROP TABLE IF EXISTS core.process",
        "CREATE TABLE core.process (kind text, host text, seen_at timestamptz)",
        "INSERT INTO core.process (kind, host, seen_at) VALUES ('web', 'shop-1', now())",
    )
    with pytest.raises(NotNeutralized, match="web on shop-1"):
        neutralize(migrator, three, NOBODY)
    assert rows(migrator, "SELECT count(*) FROM core.setting_value WHERE field = 'neutralized'") == [(0,)]
    assert neutralize(migrator, three, NOBODY, force=True)
    do(migrator.engine, "UPDATE core.process SET seen_at = now() - interval '21 s'")
    assert neutralize(migrator, three, NOBODY)


def test_a_module_that_fails_is_named_and_nothing_is_changed(migrator: Migrator, three: Assembly) -> None:
    before = contents(migrator, "core", "tenancy")
    do(migrator.engine, "ALTER TABLE tenancy.domains DROP COLUMN verified_at")
    with pytest.raises(NotNeutralized, match="tenancy failed, and nothing was changed"):
        neutralize(migrator, three, NOBODY)
    assert contents(migrator, "core") == {name: kept for name, kept in before.items() if name.startswith("core.")}
