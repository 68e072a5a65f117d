"""Ways of delivery, promotions and carts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_0001"
down_revision = None
branch_labels = ("orders",)
requires = ("core_0004", "tenancy_0002", "catalog_0003", "customers_0001")

SCHEMA = "orders"
TABLES = (
    "shipping_methods",
    "promotions",
    "carts",
    "cart_lines",
)


def upgrade() -> None:
    create_shipping_methods()
    create_promotions()
    create_carts()
    create_cart_lines()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_shipping_methods() -> None:
    op.create_table(
        "shipping_methods",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("is_pickup", sa.Boolean(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("free_from_minor", sa.Integer(), nullable=True),
        sa.Column("countries", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0 AND free_from_minor >= 0", name=op.f("ck_shipping_methods_amounts")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_shipping_methods_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_shipping_methods")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_shipping_methods_store_id_code")),
        schema=SCHEMA,
    )


def create_promotions() -> None:
    op.create_table(
        "promotions",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("min_goods_minor", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("usage_limit", sa.Integer(), nullable=True),
        sa.Column("times_used", sa.Integer(), nullable=False),
        sa.Column("once_per_customer", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('percentage', 'amount', 'free_shipping')", name=op.f("ck_promotions_kind")),
        sa.CheckConstraint("value >= 0 AND (kind <> 'percentage' OR value <= 10000)", name=op.f("ck_promotions_value")),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_promotions_code_upper")),
        sa.CheckConstraint("min_goods_minor >= 0", name=op.f("ck_promotions_min_goods")),
        sa.CheckConstraint("times_used >= 0 AND times_used <= usage_limit", name=op.f("ck_promotions_usage")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_promotions_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_promotions_store_id_code")),
        schema=SCHEMA,
    )


def create_carts() -> None:
    op.create_table(
        "carts",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("shipping_address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("billing_address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("shipping_method_id", sa.Uuid(), nullable=True),
        sa.Column("tax_number", sa.Text(), nullable=True),
        sa.Column("promotion_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('active', 'completed', 'merged', 'abandoned')", name=op.f("ck_carts_status")),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customers.customers.store_id", "customers.customers.id"],
            name=op.f("fk_carts_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "shipping_method_id"],
            ["orders.shipping_methods.store_id", "orders.shipping_methods.id"],
            name=op.f("fk_carts_store_id_shipping_method_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_carts_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_carts")),
        sa.UniqueConstraint("store_id", "token_hash", name=op.f("uq_carts_store_id_token_hash")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_carts_updated",
        "carts",
        ["store_id", "updated_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "uq_carts_customer",
        "carts",
        ["store_id", "customer_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active'"),
    )


def create_cart_lines() -> None:
    op.create_table(
        "cart_lines",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 9999", name=op.f("ck_cart_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["store_id", "cart_id"],
            ["orders.carts.store_id", "orders.carts.id"],
            name=op.f("fk_cart_lines_store_id_cart_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_cart_lines_store_id_variant_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "cart_id", "variant_id", name=op.f("pk_cart_lines")),
        schema=SCHEMA,
    )
