"""Whatever differs from models and migrations is found and named; a fresh database differs in nothing."""

from collections.abc import Iterator

import pytest

from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.autogenerate import differences
from orion_host.migrations.drift import all_differences
from orion_host.migrations.runner import Migrator
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import do


def facts(migrator: Migrator) -> list[str]:
    return [f"{module}: {fact}" for module, found in all_differences(migrator).items() for fact in found]


def test_a_migrated_database_differs_in_nothing(migrator: Migrator) -> None:
    assert facts(migrator) == []


@pytest.mark.parametrize(
    ("statement", "fact"),
    [
        ("ALTER TABLE catalog.variants ADD COLUMN x int", "catalog: remove_column x"),
        (
            "ALTER TABLE catalog.variants NO FORCE ROW LEVEL SECURITY",
            "row-level security of catalog.variants is not forced",
        ),
        (
            "ALTER TABLE catalog.variants DISABLE ROW LEVEL SECURITY",
            "tenant table catalog.variants has no forced policy",
        ),
        ("DROP POLICY tenant ON tenancy.roles", "tenancy: tenancy.roles lacks the policy: tenant permits"),
        (
            "ALTER POLICY tenant ON core.setting_value USING (true)",
            "core.setting_value has a policy of its own: tenant permits for * to {orion_app} using (true)",
        ),
        (
            "ALTER POLICY tenant ON tenancy.users USING (id IN (SELECT user_id FROM tenancy.memberships))",
            "tenancy.users lacks the policy: tenant permits",
        ),
        (
            "CREATE POLICY mine ON catalog.products TO orion_app USING (true)",
            "catalog.products has a policy of its own: mine permits",
        ),
        ("REVOKE SELECT ON catalog.products FROM orion_app", "missing right on catalog.products: orion_app SELECT"),
        (
            "GRANT DELETE ON core.audit_entry TO orion_platform",
            "right too many on core.audit_entry: orion_platform DELETE",
        ),
        ("GRANT SELECT ON tenancy.credentials TO PUBLIC", "right too many on tenancy.credentials: PUBLIC SELECT"),
        ("GRANT UPDATE ON core.alembic_version TO orion_app", "core.alembic_version can be written by the application"),
    ],
)
def test_a_difference_is_named(statement: str, fact: str, migrator: Migrator) -> None:
    do(migrator.engine, statement)
    assert any(fact in found for found in facts(migrator)), facts(migrator)


@pytest.fixture
def as_superuser(postgres: EmbeddedPostgres, market: PostgresUrls) -> Iterator[Migrator]:
    """A way to do to the marketplace what its owner may not."""
    database = market.owner.rpartition("/")[2]
    parts = dict(part.split("=", 1) for part in postgres.superuser_dsn(database).split())
    url = f"postgresql+psycopg://{parts['user']}@/{database}?host={parts['host'].strip(chr(39))}&port={parts['port']}"
    migrator = Migrator(url, {})
    yield migrator
    do(migrator.engine, "ALTER ROLE orion_app NOSUPERUSER NOBYPASSRLS", "REVOKE orion_owner FROM orion_platform")
    migrator.close()


@pytest.mark.parametrize(
    ("statement", "fact"),
    [
        ("ALTER ROLE orion_app BYPASSRLS", "database: orion_app can bypass row-level security"),
        ("ALTER ROLE orion_app SUPERUSER", "database: orion_app is a superuser"),
        ("GRANT orion_owner TO orion_platform", "database: orion_platform is a member of orion_owner"),
        ("ALTER TABLE catalog.products OWNER TO orion_app", "database: orion_app owns catalog.products"),
        ("ALTER SCHEMA catalog OWNER TO orion_platform", "database: orion_platform owns schema catalog"),
    ],
)
def test_a_role_that_is_too_strong_is_named(
    statement: str, fact: str, migrator: Migrator, as_superuser: Migrator
) -> None:
    do(as_superuser.engine, statement)
    try:
        found = facts(migrator)
    finally:
        do(
            as_superuser.engine,
            "ALTER TABLE catalog.products OWNER TO orion_owner",
            "ALTER SCHEMA catalog OWNER TO orion_owner",
        )
    assert any(fact in each for each in found), found


def test_a_law_in_a_tables_comment_is_no_difference(migrator: Migrator) -> None:
    do(
        migrator.engine,
        """COMMENT ON TABLE catalog.products IS 'kept by law: {"years": 3, "reason": "r", "since": null}'""",
    )
    assert differences(migrator) == {}
    do(migrator.engine, "COMMENT ON TABLE catalog.products IS 'just words'")
    assert differences(migrator) == {"catalog": ["remove_table_comment products"]}


def test_a_revision_that_cannot_be_written_down_is_told_rather_than_passed_over(
    empty: PostgresUrls, module: MakeModule
) -> None:
    steps = (
        "op.create_table('a', sa.Column('id', sa.Integer), schema='apples')",
        "op.get_bind().execute(sa.text('SELECT id FROM apples.a'))",
        "op.drop_table('a', schema='apples')",
    )
    it = Migrator(empty.owner, {"apples": module("apples", *steps)})
    it.upgrade()
    assert any("policies and rights cannot be compared: apples_0002 asks the database" in fact for fact in facts(it))
    it.close()
