"""Create the tables of live processes and of known subscribers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
requires = ()


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("modules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('web', 'worker', 'beat', 'relay')", name=op.f("ck_process_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        schema="core",
    )
    op.create_tenant_policy("process", schema="core", using="false")
    op.create_table(
        "subscription",
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", name=op.f("pk_subscription")),
        schema="core",
    )
    op.create_tenant_policy("subscription", schema="core", using="false")


def downgrade() -> None:
    op.drop_table("subscription", schema="core")
    op.drop_table("process", schema="core")
