"""What is wrong in the database, planted one at a time, is the only thing the doctor tells of it."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from orion_host.doctor import Finding, examine
from orion_host.embedded import PostgresUrls

Plant = Callable[[str], list[Finding]]
LIVE = """INSERT INTO core.process (id, kind, host, pid, fingerprint, modules, out)
          VALUES (gen_random_uuid(), '{kind}', 'h', 1, '{fingerprint}', '{modules}', '{out}');"""
ALL_KINDS = "".join(
    LIVE.format(kind=kind, fingerprint="f", modules='{"catalog": {"version": "0.1.0", "head": "x"}}', out="{}")
    for kind in ("web", "worker", "beat", "relay")
)
DEAD = """
INSERT INTO core.outbox_event (id, type, payload, request_id) VALUES (gen_random_uuid(), 'a.b.v1', '{}', '');
INSERT INTO core.event_delivery (id, event_id, subscriber, position, status, attempts)
    SELECT gen_random_uuid(), id, 'catalog.listen', position, 'dead', 10 FROM core.outbox_event
"""
KEY = """
INSERT INTO core.api_key (id, name, prefix, secret_hash, permissions)
    VALUES (gen_random_uuid(), 'k', 'p', '', '["catalog.fly", "catalog.view_products"]')
"""
OVERDUE = "INSERT INTO core.schedule_mark VALUES ('tenancy.forget_sessions', now() - interval '3 days')"
SETTING = """INSERT INTO core.setting_value (id, module, field, value) VALUES (gen_random_uuid(), '%s', '%s', '%s')"""


@pytest.fixture
def plant(urls: PostgresUrls, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Return a function that runs SQL as the owner and returns what the doctor finds, without the closed broker."""
    for name, value in (
        ("DATABASE_URL", urls.app),
        ("DATABASE_PLATFORM_URL", urls.platform),
        ("DATABASE_OWNER_URL", urls.owner),
        ("BROKER_URL", "redis://127.0.0.1:1/0"),
        ("SECRET_KEYS", Fernet.generate_key().decode()),
    ):
        monkeypatch.setenv(f"ORION_{name}", value)

    def plant(statements: str) -> list[Finding]:
        engine = create_engine(urls.owner)
        with engine.begin() as connection:
            for statement in filter(str.strip, statements.split(";")):
                connection.execute(text(statement.replace(":", r"\:")))
        engine.dispose()
        return [finding for finding in examine() if finding.about != "broker"]

    return plant


def test_a_sound_database_where_nothing_runs(plant: Plant) -> None:
    (finding,) = plant("")
    assert (finding.severity, finding.about, finding.cause) == ("warning", "fleet", "no process is running")


def test_a_broker_that_is_away_is_an_error(plant: Plant) -> None:
    plant("")
    (finding,) = [finding for finding in examine() if finding.about == "broker"]
    assert finding.severity == "error"
    assert "ORION_BROKER_URL" in finding.fix


def test_a_database_that_is_away_is_an_error(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_DATABASE_OWNER_URL", "postgresql+psycopg://o:p@127.0.0.1:1/orion")
    assert [finding.about for finding in examine() if finding.severity == "error"] == ["broker", "database"]


@pytest.mark.parametrize(
    ("statements", "severity", "about", "told"),
    [
        ("UPDATE catalog.alembic_version SET version_num = 'catalog_0001'", "error", "catalog", "pending: its tables"),
        ("UPDATE catalog.alembic_version SET version_num = 'catalog_0099'", "error", "catalog", "newer: its tables"),
        (
            "CREATE SCHEMA ghost; CREATE TABLE ghost.alembic_version AS SELECT 'ghost_0001'::text AS version_num",
            "warning",
            "ghost",
            "its package is gone",
        ),
        ("ALTER TABLE catalog.products NO FORCE ROW LEVEL SECURITY", "error", "catalog", "catalog.products"),
        ("DROP POLICY tenant ON catalog.products", "error", "catalog", "lacks the policy: tenant"),
        ("ALTER TABLE catalog.products DROP COLUMN brand", "error", "catalog", "brand"),
        ("GRANT UPDATE ON tenancy.alembic_version TO orion_app", "error", "tenancy", "can be written"),
        (SETTING % ("ghost", "x", "1"), "warning", "ghost", "left 1 settings (core)"),
        (SETTING % ("catalog", "page_size", '"many"'), "warning", "catalog", "catalog.page_size from the database"),
        (SETTING % ("catalog", "shelves", "1"), "warning", "catalog", "catalog has no setting 'shelves' (1 times)"),
        (SETTING % ("core", "neutralized", '"2026-11-25T03:00:00+00:00"'), "warning", "database", "this is a copy"),
        (
            "INSERT INTO core.menu_override (id, item, hidden) VALUES (gen_random_uuid(), 'catalog.attic', true)",
            "warning",
            "catalog",
            "menu overrides name 'catalog.attic'",
        ),
        (
            KEY,
            "warning",
            "catalog",
            "permissions in API keys name 'catalog.fly'",
        ),
        (
            "INSERT INTO core.schedule_mark VALUES ('tenancy.dance', now())",
            "warning",
            "tenancy",
            "schedule entry tenancy.dance is gone",
        ),
        (
            DEAD,
            "warning",
            "catalog",
            "1 deliveries to catalog.listen were given up",
        ),
    ],
)
def test_what_is_planted_is_found(statements: str, severity: str, about: str, told: str, plant: Plant) -> None:
    found = [finding for finding in plant(statements) if finding.about not in {"fleet", "doctor"}]
    assert {(finding.severity, finding.about) for finding in found} == {(severity, about)}
    assert any(told in finding.cause for finding in found), found
    assert all(finding.fix for finding in found)


def test_kinds_of_processes_that_are_missing_are_told(plant: Plant) -> None:
    causes = {f.cause for f in plant(LIVE.format(kind="web", fingerprint="f", modules="{}", out="{}"))}
    assert {f"no {kind} was heard of for 20 s" for kind in ("worker", "beat", "relay")} <= causes
    assert "the running processes have other modules or versions than this environment" in causes


def test_processes_that_differ_are_told_with_how(plant: Plant) -> None:
    other = LIVE.format(kind="worker", fingerprint="g", modules="{}", out="{}")
    causes = [finding.cause for finding in plant(ALL_KINDS + other) if finding.severity == "error"]
    assert causes == ["catalog is 0.1.0 (x) in beat, relay, web, worker; not there in worker"]


def test_a_module_that_takes_no_part_in_a_process_is_told(plant: Plant) -> None:
    out = '{"catalog": "its start-up raised ValueError"}'
    modules = '{"catalog": {"version": "0.1.0", "head": "x"}}'
    found = plant(ALL_KINDS + LIVE.format(kind="web", fingerprint="f", modules=modules, out=out))
    assert ("catalog", "takes no part in web: its start-up raised ValueError") in {(f.about, f.cause) for f in found}


def test_an_entry_of_the_schedule_that_nobody_started_is_told(plant: Plant) -> None:
    found = plant(ALL_KINDS + OVERDUE)
    (finding,) = [finding for finding in found if finding.about == "tenancy"]
    assert finding.severity == "error"
    assert "tenancy.forget_sessions was due at" in finding.cause
