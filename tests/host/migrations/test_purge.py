"""A purge leaves no trace of a module, is refused where it would hurt, and is undone as a whole when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from orion_host.assembly import Assembly
from orion_host.embedded import PostgresUrls
from orion_host.migrations.keeping import orphans, traces
from orion_host.migrations.purge import PurgeRefused, Surroundings, plan_purge, purge
from orion_host.migrations.runner import Migrator
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import contents, do, rows, table

MENTION = """
INSERT INTO core.setting_value (id, module, field, value) VALUES (gen_random_uuid(), 'catalog', 'x', '1');
INSERT INTO core.menu_override (id, item, hidden) VALUES (gen_random_uuid(), 'catalog.products', true);
INSERT INTO core.schedule_mark (entry, due) VALUES ('catalog.nightly', now());
INSERT INTO core.subscription (subscriber, module, event)
    VALUES ('catalog.open_shelves', 'catalog', 'tenancy.store_opened.v1');
INSERT INTO core.number_series (id, code, period, last_value) VALUES (gen_random_uuid(), 'catalog.sku', '', 7);
INSERT INTO core.idempotency_record (id, caller, key, body_hash)
    VALUES (gen_random_uuid(), 'catalog.import/1', 'k', '');
INSERT INTO core.task_run (id, task, queue, args, status, attempts, max_attempts, cancel_requested, progress_done,
        state, locale, request_id)
    VALUES (gen_random_uuid(), 'catalog.import_feed', 'default', '{}', 'queued', 0, 1, false, 0, '{}', 'en', 'r');
INSERT INTO core.outbox_event (id, type, payload, request_id)
    VALUES (gen_random_uuid(), 'tenancy.store_opened.v1', '{}', 'r'),
        (gen_random_uuid(), 'catalog.product_changed.v1', '{}', 'r');
INSERT INTO core.event_delivery (id, event_id, subscriber, position, status, attempts)
    SELECT gen_random_uuid(), id, 'catalog.open_shelves', position, 'pending', 0 FROM core.outbox_event
    WHERE type = 'tenancy.store_opened.v1';
INSERT INTO core.mail (id, module, key, recipient, sender_name, template, locale, subject, html, text, is_secret,
        attachments, state, attempts, error)
    VALUES (gen_random_uuid(), 'catalog', 'k', 'anne@example.lu', '', 'catalog/import.html', 'lb', '', '', '', false,
        '[]', 'sent', 1, '');
INSERT INTO core.api_key (id, name, prefix, secret_hash, permissions)
    VALUES (gen_random_uuid(), 'k', 'p', '', '["catalog.view_products", "tenancy.view_team", "catalogue.view"]');
UPDATE tenancy.roles SET permissions = '["catalog.edit_products", "tenancy.view_team"]' WHERE code = 'staff';
INSERT INTO tenancy.module_switches (platform_id, module, enabled) SELECT id, 'catalog', false FROM tenancy.platforms
"""
"""One of everything that others keep about a module."""


@pytest.fixture
def around(three: Assembly) -> Surroundings:
    requires = {name: loaded.definition.requires for name, loaded in three.modules.items()}
    return Surroundings(requires=requires, kept=three.contributions("orion_kept"))


@pytest.fixture
def mentioned(migrator: Migrator) -> Migrator:
    """The marketplace, whose other modules keep one of everything about the catalog."""
    do(migrator.engine, *MENTION.split(";"))
    return migrator


def traces_of(migrator: Migrator, around: Surroundings, module: str) -> dict[str, int]:
    with migrator.engine.connect() as connection:
        return {trace.title: trace.count for trace in traces(connection, around.kept).get(module, [])}


def test_the_plan_counts_rows_and_everything_that_others_keep(mentioned: Migrator, around: Surroundings) -> None:
    with mentioned.engine.connect() as connection:
        plan = plan_purge(connection, "catalog", around)
    counts = {found.name: found.rows for found in plan.tables}
    assert counts["products"] == rows(mentioned, "SELECT count(*) FROM catalog.products")[0][0] > 0
    assert {found.name for found in plan.tables} >= {"variants", "categories", "search_words"}
    assert {trace.title for trace in plan.traces} == {kept.title for _, kept in around.kept}
    assert all(found.bytes > 0 for found in plan.tables)
    assert plan.refusals == []


@pytest.fixture
def without_package(market: PostgresUrls, three: Assembly, mentioned: Migrator) -> Iterator[Migrator]:
    """The same marketplace, from which the catalog's package is gone."""
    folders = {name: path for name, path in three.folders("migrations").items() if name != "catalog"}
    migrator = Migrator(market.owner, folders)
    yield migrator
    migrator.close()


@pytest.mark.parametrize("installed", [True, False])
def test_a_purge_leaves_no_trace(
    *, installed: bool, mentioned: Migrator, without_package: Migrator, around: Surroundings
) -> None:
    if not installed:
        mentioned = without_package
        requires = {name: needs for name, needs in around.requires.items() if name != "catalog"}
        around = Surroundings(requires=requires, kept=around.kept)
    others = contents(mentioned, "tenancy").keys()
    done = purge(mentioned, "catalog", around)
    assert done.installed is installed
    assert rows(mentioned, "SELECT nspname FROM pg_namespace WHERE nspname = 'catalog'") == []
    assert traces_of(mentioned, around, "catalog") == {}
    assert contents(mentioned, "tenancy").keys() == others
    assert "catalog" not in mentioned.applied()
    left = rows(mentioned, "SELECT oid::text FROM pg_default_acl WHERE defaclnamespace::regnamespace::text = 'catalog'")
    assert left == []


def test_a_purge_takes_nothing_of_other_modules(mentioned: Migrator, around: Surroundings) -> None:
    do(mentioned.engine, "INSERT INTO core.schedule_mark (entry, due) VALUES ('catalogue.nightly', now())")
    purge(mentioned, "catalog", around)
    permissions = rows(mentioned, "SELECT permissions FROM core.api_key WHERE prefix = 'p'")
    assert permissions == [(["tenancy.view_team", "catalogue.view"],)]
    assert rows(mentioned, "SELECT DISTINCT permissions FROM tenancy.roles WHERE code = 'staff'") == [
        (["tenancy.view_team"],)
    ]
    assert rows(mentioned, "SELECT count(*) FROM tenancy.roles WHERE permissions IS NULL")[0][0] > 0
    assert rows(mentioned, "SELECT count(*) FROM core.schedule_mark WHERE entry = 'catalogue.nightly'") == [(1,)]
    assert rows(mentioned, "SELECT type FROM core.outbox_event WHERE type = 'tenancy.store_opened.v1'") != []


def test_a_module_that_is_still_installed_can_be_migrated_anew(migrator: Migrator, around: Surroundings) -> None:
    purge(migrator, "catalog", around)
    assert [step.module for step in migrator.upgrade()] == ["catalog"] * 3


def test_rows_that_came_after_the_dump_are_not_lost(migrator: Migrator, around: Surroundings) -> None:
    with migrator.engine.connect() as connection:
        dumped = plan_purge(connection, "catalog", around)
    do(migrator.engine, "DELETE FROM catalog.search_words WHERE ctid = (SELECT min(ctid) FROM catalog.search_words)")
    with pytest.raises(PurgeRefused, match="rows of catalog came or went since the dump"):
        purge(migrator, "catalog", around, dumped=dumped)
    assert "catalog" in migrator.applied()


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("core", "core is what everything else stands on"),
        ("tenancy", r"required by catalog.*others refer to its tables: catalog\.categories"),
        ("ghost", "there is no trace of a module 'ghost'"),
    ],
)
def test_a_purge_that_would_hurt_is_refused(module: str, reason: str, migrator: Migrator, around: Surroundings) -> None:
    before = contents(migrator, "core", "tenancy", "catalog")
    with pytest.raises(PurgeRefused, match=reason):
        purge(migrator, module, around)
    assert contents(migrator, "core", "tenancy", "catalog") == before


def test_a_schema_that_is_no_modules_is_not_purged(migrator: Migrator, around: Surroundings) -> None:
    do(migrator.engine, "CREATE SCHEMA ledger", "CREATE TABLE ledger.entry (id integer)")
    with pytest.raises(PurgeRefused, match="schema 'ledger' has no version table: it is no module's"):
        purge(migrator, "ledger", around)
    with pytest.raises(PurgeRefused, match="schema 'public' has no version table"):
        purge(migrator, "public", around)


def test_what_a_vanished_module_left_with_others_can_be_purged(migrator: Migrator, around: Surroundings) -> None:
    do(
        migrator.engine,
        "INSERT INTO core.setting_value (id, module, field, value) VALUES (gen_random_uuid(), 'ghost', 'x', '1')",
        """UPDATE tenancy.roles SET permissions = '["ghost.walk", "ghost.howl"]' WHERE code = 'staff'""",
    )
    with migrator.engine.connect() as connection:
        found = orphans(connection, around.kept, {"core", "tenancy", "catalog"})
    assert {name: {trace.title for trace in kept} for name, kept in found.items()} == {
        "ghost": {"settings", "permissions in roles"}
    }
    purge(migrator, "ghost", around)
    assert traces_of(migrator, around, "ghost") == {}


INVOICES = (
    "op.create_table('invoices', sa.Column('issued_on', sa.Date), schema='apples')",
    "op.keep_by_law('invoices', schema='apples', years=10, reason='commercial law, art. 16', since='issued_on')",
    "op.create_table('receipts', sa.Column('id', sa.Integer), schema='apples')",
    "op.keep_by_law('receipts', schema='apples', years=5, reason='tax law')",
)


@pytest.fixture
def shop(empty: PostgresUrls, module: MakeModule) -> Iterator[Migrator]:
    """A module whose invoices the law keeps; its package is gone."""
    first = Migrator(empty.owner, {"apples": module("apples", "; ".join(INVOICES))})
    first.upgrade()
    first.close()
    migrator = Migrator(empty.owner, {})
    yield migrator
    migrator.close()


ALONE = Surroundings(requires={}, kept=())


def test_rows_that_the_law_keeps_are_told_and_refused_without_the_package(shop: Migrator) -> None:
    do(shop.engine, "INSERT INTO apples.invoices VALUES (current_date), (current_date - 365 * 11), (NULL)")
    with pytest.raises(
        PurgeRefused, match=r"2 of 3 rows of apples\.invoices are kept by law \(commercial law, art\. 16\)"
    ):
        purge(shop, "apples", ALONE)
    until = rows(shop, "SELECT (current_date + interval '10 years')::date")[0][0]
    with shop.engine.connect() as connection:
        assert plan_purge(connection, "apples", ALONE).lawful[0].endswith(f"until {until}")
    purge(shop, "apples", ALONE, despite_retention=True)
    assert shop.applied() == {}


def test_without_a_date_every_row_is_kept_by_law(shop: Migrator) -> None:
    do(shop.engine, "INSERT INTO apples.receipts VALUES (1)")
    with pytest.raises(PurgeRefused, match=r"1 of 1 rows of apples\.receipts .* until a date nobody can tell"):
        purge(shop, "apples", ALONE)


def test_rows_whose_time_is_over_do_not_stop_a_purge(shop: Migrator) -> None:
    do(shop.engine, "INSERT INTO apples.invoices VALUES (current_date - 365 * 11)")
    purge(shop, "apples", ALONE)
    assert shop.applied() == {}


@pytest.mark.parametrize(
    "comment", ["{", "{}", '{"years": "10", "reason": "r"}', '{"years": 1, "reason": "r", "x": 1}']
)
def test_a_law_that_cannot_be_read_is_not_taken_for_none(comment: str, shop: Migrator) -> None:
    do(shop.engine, f"COMMENT ON TABLE apples.invoices IS 'kept by law: {comment}'".replace(":", "\\:"))
    with pytest.raises(
        PurgeRefused, match="nobody can tell what the law keeps of apples: this comment was not written"
    ):
        purge(shop, "apples", ALONE, despite_retention=True)


PURGE = """
import sys
from orion_host.assembly import assemble
from orion_host.migrations.purge import Surroundings, purge
from orion_host.migrations.runner import Migrator
from orion_host.migrations.waiting import Patience
assembly = assemble(web=False)
migrator = Migrator(sys.argv[1], {}, patience=Patience(seconds=60))
purge(migrator, "catalog", Surroundings(requires={}, kept=assembly.contributions("orion_kept")))
"""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_purge_that_is_killed_leaves_everything(mentioned: Migrator, market: PostgresUrls) -> None:
    before = contents(mentioned, "core", "tenancy", "catalog")
    holder = create_engine(market.owner, poolclass=NullPool)
    with holder.connect() as connection:
        connection.execute(text("SELECT 1 FROM core.setting_value WHERE module = 'catalog' FOR UPDATE"))
        process = subprocess.Popen([sys.executable, "-c", PURGE, market.owner], cwd=Path.cwd())
        # The schema is dropped by then: forgetting the settings is what waits for our lock.
        waits = (
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE FROM core.setting%'"
        )
        wait_until(lambda: rows(mentioned, waits) != [])
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    wait_until(lambda: rows(mentioned, waits) == [])
    assert contents(mentioned, "core", "tenancy", "catalog") == before


REFERS = (
    "op.create_foreign_key('fk', 'p', 'a', ['id'], ['id'], source_schema='pears', referent_schema='apples')",
    "op.execute('CREATE VIEW pears.v AS SELECT id FROM apples.a')",
    "op.create_tenant_policy('p', schema='pears', using='id IN (SELECT id FROM apples.a)')",
)


def test_whatever_refers_to_its_tables_from_elsewhere_is_named(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {
        "apples": module("apples", table("apples", "a")),
        "pears": module("pears", table("pears", "p"), *REFERS, requires={1: ("apples_0001",)}),
    }
    migrator = Migrator(empty.owner, folders)
    migrator.upgrade()
    with pytest.raises(PurgeRefused, match=r"pears\.p \(fk\), pears\.p \(policy tenant\), pears\.v \(view\)"):
        purge(migrator, "apples", ALONE)
    migrator.close()
