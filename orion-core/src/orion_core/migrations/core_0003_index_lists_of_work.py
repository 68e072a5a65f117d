"""Index what lists of events and task runs are filtered by."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
requires = ()


def upgrade() -> None:
    op.create_index("ix_outbox_event_type", "outbox_event", ["type", "position"], schema="core")
    op.create_index("ix_task_run_task", "task_run", ["task", "id"], schema="core")
    op.create_index(
        "ix_task_run_failed", "task_run", ["id"], schema="core", postgresql_where=sa.text("status = 'failed'")
    )


def downgrade() -> None:
    op.drop_index("ix_task_run_failed", "task_run", schema="core")
    op.drop_index("ix_task_run_task", "task_run", schema="core")
    op.drop_index("ix_outbox_event_type", "outbox_event", schema="core")
