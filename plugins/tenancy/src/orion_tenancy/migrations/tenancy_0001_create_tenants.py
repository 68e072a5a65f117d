"""Platforms, module switches, merchants, stores and domains, each under a policy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orion_core.db.operations import APP_ROLE, setting

revision = "tenancy_0001"
down_revision = None
branch_labels = ("tenancy",)
requires = ("core_0001",)

SCHEMA = "tenancy"
TABLES = ("platforms", "module_switches", "merchants", "merchant_state_changes", "stores", "domains")


def upgrade() -> None:
    create_platforms()
    create_merchants()
    create_stores()
    op.create_tenant_policy("platforms", schema=SCHEMA, using="true", check="false")
    op.create_tenant_policy("module_switches", schema=SCHEMA, scope="platform")
    op.create_tenant_policy("merchants", schema=SCHEMA, using=f"id = {setting('merchant')}")
    op.create_tenant_policy("merchant_state_changes", schema=SCHEMA, scope="merchant")
    op.create_tenant_policy(
        "stores",
        schema=SCHEMA,
        using=(f"id = {setting('store')} OR ({setting('store')} IS NULL AND merchant_id = {setting('merchant')})"),
    )
    op.create_tenant_policy(
        "domains",
        schema=SCHEMA,
        using=f"store_id = {setting('store')} OR (store_id IS NULL AND platform_id = {setting('platform')})",
    )
    op.make_append_only("merchant_state_changes", schema=SCHEMA)
    for table in TABLES:
        # Only the platform role makes and changes tenants; a policy would not stop DELETE of visible rows.
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {SCHEMA}.{table} FROM {APP_ROLE}")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_platforms() -> None:
    op.create_table(
        "platforms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platforms")),
        sa.UniqueConstraint("code", name=op.f("uq_platforms_code")),
        sa.UniqueConstraint("domain", name=op.f("uq_platforms_domain")),
        schema=SCHEMA,
    )
    op.create_table(
        "module_switches",
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"],
            ["tenancy.platforms.id"],
            name=op.f("fk_module_switches_platform_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("platform_id", "module", name=op.f("pk_module_switches")),
        schema=SCHEMA,
    )


def create_merchants() -> None:
    op.create_table(
        "merchants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'in_review', 'active', 'suspended', 'terminated')",
            name=op.f("ck_merchants_state_known"),
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["tenancy.platforms.id"], name=op.f("fk_merchants_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
        sa.UniqueConstraint("code", name=op.f("uq_merchants_code")),
        sa.UniqueConstraint("platform_id", "id", name=op.f("uq_merchants_platform_id_id")),
        schema=SCHEMA,
    )
    op.create_index("ix_merchants_name", "merchants", ["name", "id"], unique=False, schema=SCHEMA)
    op.create_table(
        "merchant_state_changes",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("old_state", sa.Text(), nullable=True),
        sa.Column("new_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["tenancy.merchants.id"], name=op.f("fk_merchant_state_changes_merchant_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_merchant_state_changes")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_merchant_state_changes_at",
        "merchant_state_changes",
        ["merchant_id", "at"],
        unique=False,
        schema=SCHEMA,
    )


def create_stores() -> None:
    op.create_table(
        "stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("locales", postgresql.JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("char_length(country) = 2", name=op.f("ck_stores_country_code")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_stores_currency_code")),
        sa.ForeignKeyConstraint(
            ["platform_id", "merchant_id"],
            ["tenancy.merchants.platform_id", "tenancy.merchants.id"],
            name=op.f("fk_stores_platform_id_merchant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
        sa.UniqueConstraint("code", name=op.f("uq_stores_code")),
        schema=SCHEMA,
    )
    op.create_index("ix_stores_merchant", "stores", ["merchant_id"], unique=False, schema=SCHEMA)
    op.create_index("ix_stores_name", "stores", ["name", "id"], unique=False, schema=SCHEMA)
    op.create_table(
        "domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("verification_token", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("host = lower(host)", name=op.f("ck_domains_host_lower")),
        sa.ForeignKeyConstraint(["platform_id"], ["tenancy.platforms.id"], name=op.f("fk_domains_platform_id")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_domains_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
        sa.UniqueConstraint("host", name=op.f("uq_domains_host")),
        schema=SCHEMA,
    )
    op.create_index("ix_domains_store", "domains", ["store_id"], unique=False, schema=SCHEMA)
