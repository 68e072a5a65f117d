"""Create the tables of the core module."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orion_core.db.operations import APP_ROLE, SCOPES, setting

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
requires = ()

_INHERITED = (
    f"store_id = {setting('store')}"
    f" OR (store_id IS NULL AND merchant_id = {setting('merchant')})"
    f" OR (store_id IS NULL AND merchant_id IS NULL AND platform_id = {setting('platform')})"
)


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("permissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        schema="core",
    )
    op.create_tenant_policy("api_key", schema="core", scope="owner")
    op.create_index("uq_api_key_prefix", "api_key", ["prefix"], unique=True, schema="core")
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        schema="core",
    )
    op.create_tenant_policy("audit_entry", schema="core", scope="owner")
    op.make_append_only("audit_entry", schema="core")
    op.create_index(
        "ix_audit_entry_owner",
        "audit_entry",
        [sa.literal_column("coalesce(store_id, merchant_id, platform_id)"), "at"],
        unique=False,
        schema="core",
    )
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["subject_type", "subject_id"], unique=False, schema="core"
    )
    op.create_table(
        "idempotency_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("response", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_record")),
        schema="core",
    )
    op.create_tenant_policy("idempotency_record", schema="core", scope="owner")
    op.create_index(
        "ix_idempotency_record_created_at", "idempotency_record", ["created_at"], unique=False, schema="core"
    )
    op.create_index(
        "uq_idempotency_record_caller",
        "idempotency_record",
        [sa.literal_column("coalesce(store_id, merchant_id, platform_id)"), "caller", "key"],
        unique=True,
        schema="core",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "menu_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=True),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_override")),
        schema="core",
    )
    op.create_tenant_policy("menu_override", schema="core", scope="owner")
    op.create_index(
        "uq_menu_override_owner",
        "menu_override",
        [
            sa.literal_column("coalesce(store_id, merchant_id, platform_id)"),
            "item",
            sa.literal_column("coalesce(user_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
        ],
        unique=True,
        schema="core",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "number_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("last_value", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("last_value >= 0", name=op.f("ck_number_series_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        schema="core",
    )
    op.create_tenant_policy("number_series", schema="core", scope="owner")
    op.create_index(
        "uq_number_series_owner",
        "number_series",
        [sa.literal_column("coalesce(store_id, merchant_id, platform_id)"), "code", "period"],
        unique=True,
        schema="core",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sa.UniqueConstraint("position", name=op.f("uq_outbox_event_position")),
        schema="core",
    )
    op.create_tenant_policy("outbox_event", schema="core", scope="owner")
    op.execute(f"REVOKE UPDATE, DELETE ON core.outbox_event FROM {APP_ROLE}")
    op.create_index(
        "ix_outbox_event_new",
        "outbox_event",
        ["position"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_event_new_aggregate",
        "outbox_event",
        ["aggregate_id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.create_table(
        "schedule_mark",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_schedule_mark")),
        schema="core",
    )
    op.create_tenant_policy("schedule_mark", schema="core", using="false")
    op.create_table(
        "setting_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
        schema="core",
    )
    # A store reads the settings it inherits; each tenant writes its own only.
    op.create_tenant_policy("setting_value", schema="core", using=_INHERITED, check=SCOPES["owner"])
    op.create_index(
        "uq_setting_value_owner",
        "setting_value",
        [sa.literal_column("coalesce(store_id, merchant_id, platform_id)"), "module", "field"],
        unique=True,
        schema="core",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "task_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("args", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("progress_message", sa.Text(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)",
            name=op.f("ck_task_run_finished_when_ended"),
        ),
        sa.CheckConstraint("queue IN ('default', 'long_running', 'scheduled')", name=op.f("ck_task_run_queue")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')",
            name=op.f("ck_task_run_status"),
        ),
        sa.CheckConstraint("attempts >= 0 AND max_attempts > 0", name=op.f("ck_task_run_attempts")),
        sa.CheckConstraint("progress_done >= 0 AND progress_total >= 0", name=op.f("ck_task_run_progress")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_run")),
        schema="core",
    )
    op.create_tenant_policy("task_run", schema="core", scope="owner")
    op.create_index(
        "ix_task_run_open",
        "task_run",
        ["status", "sent_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(
        "ix_task_run_owner",
        "task_run",
        [sa.literal_column("coalesce(store_id, merchant_id, platform_id)"), "id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        "ix_task_run_unsent",
        "task_run",
        ["not_before"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("status = 'queued' AND sent_at IS NULL"),
    )
    op.create_table(
        "event_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'failed', 'done', 'dead', 'skipped')",
            name=op.f("ck_event_delivery_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_event_delivery_attempts")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core.outbox_event.id"],
            name=op.f("fk_event_delivery_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_delivery")),
        sa.UniqueConstraint("event_id", "subscriber", name=op.f("uq_event_delivery_event_id_subscriber")),
        schema="core",
    )
    op.create_tenant_policy("event_delivery", schema="core", scope="owner")
    op.execute(f"REVOKE INSERT, DELETE ON core.event_delivery FROM {APP_ROLE}")
    op.create_index(
        "ix_event_delivery_chain",
        "event_delivery",
        ["subscriber", "aggregate_id", "position"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("status IN ('pending', 'failed')"),
    )
    op.create_index(
        "ix_event_delivery_dead",
        "event_delivery",
        ["id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_event_delivery_unsent",
        "event_delivery",
        ["next_attempt_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("status IN ('pending', 'failed') AND sent_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("event_delivery", schema="core")
    op.drop_table("task_run", schema="core")
    op.drop_table("setting_value", schema="core")
    op.drop_table("schedule_mark", schema="core")
    op.drop_table("outbox_event", schema="core")
    op.drop_table("number_series", schema="core")
    op.drop_table("menu_override", schema="core")
    op.drop_table("idempotency_record", schema="core")
    op.drop_table("audit_entry", schema="core")
    op.drop_table("api_key", schema="core")
