"""Accounts of customers with what belongs to them: addresses, groups, sessions, consents, data requests, wishes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customers_0001"
down_revision = None
branch_labels = ("customers",)
requires = ("core_0001", "tenancy_0001", "catalog_0001")


def upgrade() -> None:
    op.create_table(
        "customer_groups",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_customer_groups_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_customer_groups")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_customer_groups_store_id_code")),
        schema="customers",
    )
    op.create_tenant_policy("customer_groups", schema="customers", scope="store")
    op.create_table(
        "customers",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_customers_email_lower")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_customers_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_customers")),
        sa.UniqueConstraint("store_id", "email", name=op.f("uq_customers_store_id_email")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_customers_store_id_number")),
        schema="customers",
    )
    op.create_tenant_policy("customers", schema="customers", scope="store")
    op.create_index("ix_customers_name", "customers", ["store_id", "name", "id"], unique=False, schema="customers")
    op.create_table(
        "consents",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("proof", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("purpose IN ('newsletter', 'terms')", name=op.f("ck_consents_purpose")),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_consents_store_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_consents")),
        schema="customers",
    )
    op.create_tenant_policy("consents", schema="customers", scope="store")
    op.make_append_only("consents", schema="customers")
    op.create_index(
        "ix_consents_customer",
        "consents",
        ["store_id", "customer_id", "purpose", "id"],
        unique=False,
        schema="customers",
    )
    op.create_table(
        "credentials",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_credentials_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "customer_id", name=op.f("pk_credentials")),
        schema="customers",
    )
    op.create_tenant_policy("credentials", schema="customers", scope="store")
    op.create_table(
        "customer_addresses",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_default_shipping", sa.Boolean(), nullable=False),
        sa.Column("is_default_billing", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_customer_addresses_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_customer_addresses")),
        schema="customers",
    )
    op.create_tenant_policy("customer_addresses", schema="customers", scope="store")
    op.create_index(
        "ix_customer_addresses_customer",
        "customer_addresses",
        ["store_id", "customer_id"],
        unique=False,
        schema="customers",
    )
    op.create_index(
        "uq_customer_addresses_billing",
        "customer_addresses",
        ["store_id", "customer_id"],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("is_default_billing"),
    )
    op.create_index(
        "uq_customer_addresses_shipping",
        "customer_addresses",
        ["store_id", "customer_id"],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("is_default_shipping"),
    )
    op.create_table(
        "data_requests",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('export', 'erasure')", name=op.f("ck_data_requests_kind")),
        sa.CheckConstraint("status IN ('requested', 'done', 'cancelled')", name=op.f("ck_data_requests_status")),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_data_requests_store_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_data_requests")),
        schema="customers",
    )
    op.create_tenant_policy("data_requests", schema="customers", scope="store")
    op.create_index(
        "ix_data_requests_status", "data_requests", ["store_id", "status", "due_on"], unique=False, schema="customers"
    )
    op.create_index(
        "uq_data_requests_open",
        "data_requests",
        ["store_id", "customer_id", "kind"],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.create_table(
        "group_members",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_group_members_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "group_id"],
            ["customers.customer_groups.store_id", "customers.customer_groups.id"],
            name=op.f("fk_group_members_store_id_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "group_id", "customer_id", name=op.f("pk_group_members")),
        schema="customers",
    )
    op.create_tenant_policy("group_members", schema="customers", scope="store")
    op.create_index(
        "ix_group_members_customer", "group_members", ["store_id", "customer_id"], unique=False, schema="customers"
    )
    op.create_table(
        "password_reset_tokens",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reset', 'verify')", name=op.f("ck_password_reset_tokens_kind")),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_password_reset_tokens_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_password_reset_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_tokens_token_hash")),
        schema="customers",
    )
    op.create_tenant_policy("password_reset_tokens", schema="customers", scope="store")
    op.create_index(
        "ix_password_reset_tokens_customer",
        "password_reset_tokens",
        ["store_id", "customer_id"],
        unique=False,
        schema="customers",
    )
    op.create_index(
        "ix_password_reset_tokens_expires_at", "password_reset_tokens", ["expires_at"], unique=False, schema="customers"
    )
    op.create_table(
        "sessions",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_sessions_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        schema="customers",
    )
    op.create_tenant_policy("sessions", schema="customers", scope="store")
    op.create_index("ix_sessions_customer", "sessions", ["store_id", "customer_id"], unique=False, schema="customers")
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False, schema="customers")
    op.create_table(
        "tax_numbers",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('unchecked', 'valid', 'invalid', 'unavailable')", name=op.f("ck_tax_numbers_status")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_tax_numbers_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_tax_numbers")),
        sa.UniqueConstraint("store_id", "customer_id", name=op.f("uq_tax_numbers_store_id_customer_id")),
        schema="customers",
    )
    op.create_tenant_policy("tax_numbers", schema="customers", scope="store")
    op.create_index(
        "ix_tax_numbers_checked_at", "tax_numbers", ["store_id", "checked_at"], unique=False, schema="customers"
    )
    op.create_table(
        "wishlist_items",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_wishlist_items_store_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_wishlist_items_store_id_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "customer_id", "variant_id", name=op.f("pk_wishlist_items")),
        schema="customers",
    )
    op.create_tenant_policy("wishlist_items", schema="customers", scope="store")
    op.create_index(
        "ix_wishlist_items_variant", "wishlist_items", ["store_id", "variant_id"], unique=False, schema="customers"
    )


def downgrade() -> None:
    op.drop_index("ix_wishlist_items_variant", table_name="wishlist_items", schema="customers")
    op.drop_table("wishlist_items", schema="customers")
    op.drop_index("ix_tax_numbers_checked_at", table_name="tax_numbers", schema="customers")
    op.drop_table("tax_numbers", schema="customers")
    op.drop_index("ix_sessions_expires_at", table_name="sessions", schema="customers")
    op.drop_index("ix_sessions_customer", table_name="sessions", schema="customers")
    op.drop_table("sessions", schema="customers")
    op.drop_index("ix_password_reset_tokens_expires_at", table_name="password_reset_tokens", schema="customers")
    op.drop_index("ix_password_reset_tokens_customer", table_name="password_reset_tokens", schema="customers")
    op.drop_table("password_reset_tokens", schema="customers")
    op.drop_index("ix_group_members_customer", table_name="group_members", schema="customers")
    op.drop_table("group_members", schema="customers")
    op.drop_index(
        "uq_data_requests_open",
        table_name="data_requests",
        schema="customers",
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.drop_index("ix_data_requests_status", table_name="data_requests", schema="customers")
    op.drop_table("data_requests", schema="customers")
    op.drop_index(
        "uq_customer_addresses_shipping",
        table_name="customer_addresses",
        schema="customers",
        postgresql_where=sa.text("is_default_shipping"),
    )
    op.drop_index(
        "uq_customer_addresses_billing",
        table_name="customer_addresses",
        schema="customers",
        postgresql_where=sa.text("is_default_billing"),
    )
    op.drop_index("ix_customer_addresses_customer", table_name="customer_addresses", schema="customers")
    op.drop_table("customer_addresses", schema="customers")
    op.drop_table("credentials", schema="customers")
    op.drop_index("ix_consents_customer", table_name="consents", schema="customers")
    op.drop_table("consents", schema="customers")
    op.drop_index("ix_customers_name", table_name="customers", schema="customers")
    op.drop_table("customers", schema="customers")
    op.drop_table("customer_groups", schema="customers")
