"""Parcels, returns and changes of orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_0003"
down_revision = "orders_0002"
requires = ()

SCHEMA = "orders"
TABLES = (
    "fulfilments",
    "fulfilment_items",
    "returns",
    "return_items",
    "order_changes",
)


def upgrade() -> None:
    create_fulfilments()
    create_fulfilment_items()
    create_returns()
    create_return_items()
    create_order_changes()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_fulfilments() -> None:
    op.create_table(
        "fulfilments",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_code", sa.Text(), nullable=False),
        sa.Column("tracking_url", sa.Text(), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'picking', 'packed', 'shipped', 'delivered', 'cancelled', 'lost', "
            "'returned_to_sender')",
            name=op.f("ck_fulfilments_status"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_fulfilments_store_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_fulfilments")),
        sa.UniqueConstraint("store_id", "order_id", "number", name=op.f("uq_fulfilments_store_id_order_id_number")),
        schema=SCHEMA,
    )


def create_fulfilment_items() -> None:
    op.create_table(
        "fulfilment_items",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfilment_items_quantity")),
        sa.ForeignKeyConstraint(
            ["store_id", "fulfilment_id"],
            ["orders.fulfilments.store_id", "orders.fulfilments.id"],
            name=op.f("fk_fulfilment_items_store_id_fulfilment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "item_id"],
            ["orders.order_items.store_id", "orders.order_items.id"],
            name=op.f("fk_fulfilment_items_store_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "fulfilment_id", "item_id", name=op.f("pk_fulfilment_items")),
        schema=SCHEMA,
    )


def create_returns() -> None:
    op.create_table(
        "returns",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_minor", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('return', 'withdrawal', 'exchange')", name=op.f("ck_returns_kind")),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'rejected', 'in_transit', 'received', 'refunded', 'closed')",
            name=op.f("ck_returns_status"),
        ),
        sa.CheckConstraint("refund_minor >= 0", name=op.f("ck_returns_refund")),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_returns_store_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_returns")),
        sa.UniqueConstraint("store_id", "order_id", "number", name=op.f("uq_returns_store_id_order_id_number")),
        schema=SCHEMA,
    )
    op.create_index("ix_returns_status", "returns", ["store_id", "status", "created_at"], unique=False, schema=SCHEMA)


def create_return_items() -> None:
    op.create_table(
        "return_items",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "condition IN ('resellable', 'damaged', 'quarantine')", name=op.f("ck_return_items_condition")
        ),
        sa.CheckConstraint("quantity > 0 AND received BETWEEN 0 AND quantity", name=op.f("ck_return_items_quantity")),
        sa.ForeignKeyConstraint(
            ["store_id", "item_id"],
            ["orders.order_items.store_id", "orders.order_items.id"],
            name=op.f("fk_return_items_store_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "return_id"],
            ["orders.returns.store_id", "orders.returns.id"],
            name=op.f("fk_return_items_store_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "return_id", "item_id", name=op.f("pk_return_items")),
        schema=SCHEMA,
    )


def create_order_changes() -> None:
    op.create_table(
        "order_changes",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("actions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("delta_minor", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'requested', 'confirmed', 'declined', 'cancelled')",
            name=op.f("ck_order_changes_status"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_order_changes_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "return_id"],
            ["orders.returns.store_id", "orders.returns.id"],
            name=op.f("fk_order_changes_store_id_return_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_order_changes")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_order_changes_order", "order_changes", ["store_id", "order_id", "created_at"], unique=False, schema=SCHEMA
    )
