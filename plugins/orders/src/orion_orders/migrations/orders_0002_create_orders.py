"""Orders with their items, credits, timeline and payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_0002"
down_revision = "orders_0001"
requires = ()

SCHEMA = "orders"
TABLES = (
    "orders",
    "order_items",
    "order_credits",
    "order_events",
    "order_payments",
)


def upgrade() -> None:
    create_orders()
    create_order_items()
    create_order_credits()
    create_order_events()
    create_order_payments()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
    op.make_append_only("order_events", schema=SCHEMA)
    op.make_append_only("order_payments", schema=SCHEMA)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payment_status", sa.Text(), nullable=False),
        sa.Column("fulfilment_status", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("goods_minor", sa.Integer(), nullable=False),
        sa.Column("discount_minor", sa.Integer(), nullable=False),
        sa.Column("shipping_minor", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("rounding_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("credited_minor", sa.Integer(), nullable=False),
        sa.Column("paid_minor", sa.Integer(), nullable=False),
        sa.Column("refunded_minor", sa.Integer(), nullable=False),
        sa.Column("shipping_address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("billing_address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("tax_number", sa.Text(), nullable=True),
        sa.Column("tax_number_status", sa.Text(), nullable=True),
        sa.Column("shipping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("promotion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("terms_version", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cancel_reason IN ('customer', 'declined', 'fraud', 'inventory', 'staff', 'expired', 'other')",
            name=op.f("ck_orders_cancel_reason"),
        ),
        sa.CheckConstraint("channel IN ('shop', 'staff', 'import')", name=op.f("ck_orders_channel")),
        sa.CheckConstraint(
            "fulfilment_status IN ('unfulfilled', 'partial', 'fulfilled', 'delivered', "
            "'partially_returned', 'returned')",
            name=op.f("ck_orders_fulfilment_status"),
        ),
        sa.CheckConstraint(
            "payment_status IN ('unpaid', 'partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded')",
            name=op.f("ck_orders_payment_status"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'pending', 'confirmed', 'completed', 'expired', 'declined', 'cancelled')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_orders_email_lower")),
        sa.CheckConstraint(
            "goods_minor - discount_minor + shipping_minor = total_minor", name=op.f("ck_orders_parts_add_up")
        ),
        sa.CheckConstraint("net_minor + tax_minor + rounding_minor = total_minor", name=op.f("ck_orders_adds_up")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_orders_currency")),
        sa.CheckConstraint("credited_minor BETWEEN 0 AND total_minor", name=op.f("ck_orders_credits")),
        sa.CheckConstraint(
            "paid_minor >= 0 AND refunded_minor BETWEEN 0 AND paid_minor", name=op.f("ck_orders_payments")
        ),
        sa.CheckConstraint(
            "total_minor >= 0 AND discount_minor >= 0 AND shipping_minor >= 0", name=op.f("ck_orders_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_orders_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_orders_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint("store_id", "cart_id", name=op.f("uq_orders_store_id_cart_id")),
        sa.UniqueConstraint("store_id", "channel", "external_id", name=op.f("uq_orders_store_id_channel_external_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_orders_store_id_number")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_orders_customer", "orders", ["store_id", "customer_id", "placed_at"], unique=False, schema=SCHEMA
    )
    op.create_index("ix_orders_email", "orders", ["store_id", "email"], unique=False, schema=SCHEMA)
    op.create_index("ix_orders_placed", "orders", ["store_id", "placed_at", "id"], unique=False, schema=SCHEMA)
    op.create_index(
        "ix_orders_status", "orders", ["store_id", "status", "placed_at", "id"], unique=False, schema=SCHEMA
    )


def create_order_items() -> None:
    op.create_table(
        "order_items",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=False),
        sa.Column("discount_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("tax_reason", sa.Text(), nullable=False),
        sa.Column("tax_category", sa.Text(), nullable=False),
        sa.Column("tax_rate_bp", sa.Integer(), nullable=False),
        sa.Column("tax_country", sa.Text(), nullable=False),
        sa.Column("tax_note", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("shipped", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('product', 'shipping')", name=op.f("ck_order_items_kind")),
        sa.CheckConstraint(
            "cancelled >= 0 AND shipped >= 0 AND cancelled + shipped <= quantity", name=op.f("ck_order_items_pieces")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity")),
        sa.CheckConstraint("returned BETWEEN 0 AND shipped", name=op.f("ck_order_items_returned")),
        sa.CheckConstraint(
            "total_minor = unit_price_minor * quantity - discount_minor", name=op.f("ck_order_items_total")
        ),
        sa.CheckConstraint(
            "unit_price_minor >= 0 AND discount_minor >= 0 AND total_minor >= 0", name=op.f("ck_order_items_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_order_items_store_id_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_order_items")),
        sa.UniqueConstraint("store_id", "order_id", "position", name=op.f("uq_order_items_store_id_order_id_position")),
        schema=SCHEMA,
    )
    op.create_index("ix_order_items_variant", "order_items", ["store_id", "variant_id"], unique=False, schema=SCHEMA)


def create_order_credits() -> None:
    op.create_table(
        "order_credits",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('cancelled', 'withdrawn', 'returned', 'lost')", name=op.f("ck_order_credits_kind")
        ),
        sa.CheckConstraint("pieces > 0 AND amount_minor >= 0", name=op.f("ck_order_credits_amount")),
        sa.ForeignKeyConstraint(
            ["store_id", "item_id"],
            ["orders.order_items.store_id", "orders.order_items.id"],
            name=op.f("fk_order_credits_store_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_order_credits_store_id_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_order_credits")),
        schema=SCHEMA,
    )
    op.create_index("ix_order_credits_order", "order_credits", ["store_id", "order_id", "at"], schema=SCHEMA)


def create_order_events() -> None:
    op.create_table(
        "order_events",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_order_events_store_id_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_order_events")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_order_events_order", "order_events", ["store_id", "order_id", "at"], unique=False, schema=SCHEMA
    )


def create_order_payments() -> None:
    op.create_table(
        "order_payments",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('payment', 'refund')", name=op.f("ck_order_payments_kind")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_order_payments_amount")),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_order_payments_store_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_order_payments")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_order_payments_order", "order_payments", ["store_id", "order_id", "at"], unique=False, schema=SCHEMA
    )
