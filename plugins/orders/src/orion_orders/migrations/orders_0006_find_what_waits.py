"""What waits for an invoice or a credit note is found without reading every order of a store."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0006"
down_revision = "orders_0005"
requires = ()

SCHEMA = "orders"


def upgrade() -> None:
    op.create_index(
        "ix_order_items_uninvoiced",
        "order_items",
        ["store_id", "order_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("invoice_id IS NULL AND cancelled + returned < quantity AND tax_reason <> 'imported'"),
    )
    op.create_index(
        "ix_order_credits_uninvoiced",
        "order_credits",
        ["store_id", "order_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("invoice_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_order_credits_uninvoiced", "order_credits", schema=SCHEMA)
    op.drop_index("ix_order_items_uninvoiced", "order_items", schema=SCHEMA)
