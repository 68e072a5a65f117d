"""Staff users with their credentials and sessions, and what they may do where, each table under a policy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orion_core.db.operations import APP_ROLE, setting

revision = "tenancy_0002"
down_revision = "tenancy_0001"
branch_labels = None
requires = ()

SCHEMA = "tenancy"
TABLES = ("users", "credentials", "sessions", "roles", "memberships", "merchant_owners", "invitations")

# Which users a store or merchant sees: its team and its owners.
COLLEAGUES = (
    f"id IN (SELECT user_id FROM tenancy.memberships WHERE store_id = {setting('store')})"  # noqa: S608  constants
    f" OR id IN (SELECT user_id FROM tenancy.merchant_owners WHERE merchant_id = {setting('merchant')})"
)


def upgrade() -> None:
    create_users()
    create_credentials()
    create_roles()
    create_memberships()
    create_invitations()
    op.create_tenant_policy("users", schema=SCHEMA, using=COLLEAGUES, check="false")
    op.create_tenant_policy("credentials", schema=SCHEMA, using="false")
    op.create_tenant_policy("sessions", schema=SCHEMA, using="false")
    for table in ("roles", "memberships", "invitations"):
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
    op.create_tenant_policy("merchant_owners", schema=SCHEMA, scope="merchant")
    for table in ("users", "merchant_owners"):
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {SCHEMA}.{table} FROM {APP_ROLE}")
    for table in ("credentials", "sessions"):
        op.execute(f"REVOKE ALL ON {SCHEMA}.{table} FROM {APP_ROLE}")


def downgrade() -> None:
    op.drop_tenant_policy("users", schema=SCHEMA)  # it reads the tables that refer to users
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("is_platform_admin", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        schema=SCHEMA,
    )
    op.create_index("ix_users_name", "users", ["name", "id"], unique=False, schema=SCHEMA)


def create_credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["tenancy.users.id"], name=op.f("fk_credentials_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_credentials")),
        schema=SCHEMA,
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["tenancy.users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        schema=SCHEMA,
    )
    op.create_index("ix_sessions_user", "sessions", ["user_id"], unique=False, schema=SCHEMA)


def create_roles() -> None:
    op.create_table(
        "roles",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["tenancy.stores.id"], name=op.f("fk_roles_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_roles")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_roles_store_id_code")),
        schema=SCHEMA,
    )


def create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "role_id"],
            ["tenancy.roles.store_id", "tenancy.roles.id"],
            name=op.f("fk_memberships_store_id_role_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["tenancy.stores.id"], name=op.f("fk_memberships_store_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["tenancy.users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("store_id", "user_id", name=op.f("uq_memberships_store_id_user_id")),
        schema=SCHEMA,
    )
    op.create_index("ix_memberships_role", "memberships", ["store_id", "role_id"], unique=False, schema=SCHEMA)
    op.create_index("ix_memberships_user", "memberships", ["user_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "merchant_owners",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["tenancy.merchants.id"],
            name=op.f("fk_merchant_owners_merchant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["tenancy.users.id"], name=op.f("fk_merchant_owners_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merchant_id", "user_id", name=op.f("pk_merchant_owners")),
        schema=SCHEMA,
    )
    op.create_index("ix_merchant_owners_user", "merchant_owners", ["user_id"], unique=False, schema=SCHEMA)


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitations_email_lower")),
        sa.ForeignKeyConstraint(
            ["store_id", "role_id"],
            ["tenancy.roles.store_id", "tenancy.roles.id"],
            name=op.f("fk_invitations_store_id_role_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["tenancy.stores.id"], name=op.f("fk_invitations_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("store_id", "email", name=op.f("uq_invitations_store_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        schema=SCHEMA,
    )
    op.create_index("ix_invitations_expires_at", "invitations", ["expires_at"], unique=False, schema=SCHEMA)
    op.create_index("ix_invitations_role", "invitations", ["store_id", "role_id"], unique=False, schema=SCHEMA)
