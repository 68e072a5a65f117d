"""What refers to invoices refers to ones that exist."""

from alembic import op

revision = "orders_0005"
down_revision = "orders_0004"
requires = ()

REFERRING = ("order_items", "order_credits")


def upgrade() -> None:
    for table in REFERRING:
        op.execute(f"ALTER TABLE orders.{table} VALIDATE CONSTRAINT fk_{table}_store_id_invoice_id")


def downgrade() -> None:
    """A constraint that is checked cannot be unchecked, and need not be."""
