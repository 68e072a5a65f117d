"""Products with their texts, variants and prices, and the tree of categories."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "catalog_0001"
down_revision = None
branch_labels = ("catalog",)
requires = ("core_0001", "tenancy_0001")

SCHEMA = "catalog"
TABLES = (
    "categories",
    "products",
    "product_texts",
    "variants",
    "price_changes",
    "product_categories",
)


def upgrade() -> None:
    create_categories()
    create_products()
    create_product_texts()
    create_variants()
    create_price_changes()
    create_product_categories()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
        # Without statistics every store counts as 1/200 of the table. With them, one that was not there yet at
        # the last ANALYZE counts as empty: its first import then reads the whole store for each row.
        op.execute(f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN store_id SET STATISTICS 0")
    op.make_append_only("price_changes", schema=SCHEMA)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_categories() -> None:
    op.create_table(
        "categories",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_categories_not_own_parent")),
        sa.ForeignKeyConstraint(
            ["store_id", "parent_id"],
            ["catalog.categories.store_id", "catalog.categories.id"],
            name=op.f("fk_categories_store_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_categories_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_categories")),
        sa.UniqueConstraint("store_id", "path", name=op.f("uq_categories_store_id_path")),
        sa.UniqueConstraint("store_id", "slug", name=op.f("uq_categories_store_id_slug")),
        schema=SCHEMA,
    )
    op.create_index("ix_categories_parent", "categories", ["store_id", "parent_id"], schema=SCHEMA)


def create_products() -> None:
    op.create_table(
        "products",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("lead_sku", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("tax_rate_bp", sa.Integer(), nullable=True),
        sa.Column("boost_sort", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("images", postgresql.JSONB(), nullable=False),
        sa.Column("option_names", postgresql.JSONB(), nullable=False),
        sa.Column("attributes", postgresql.JSONB(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=True),
        sa.Column("max_price_minor", sa.Integer(), nullable=True),
        sa.Column("compare_at_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("in_stock", sa.Boolean(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("translations", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("condition IN ('new', 'refurbished', 'used')", name=op.f("ck_products_condition")),
        sa.CheckConstraint("status IN ('draft', 'active', 'archived')", name=op.f("ck_products_status")),
        sa.CheckConstraint("boost_sort BETWEEN 0 AND 10", name=op.f("ck_products_boost_sort")),
        sa.CheckConstraint("tax_rate_bp BETWEEN 0 AND 10000", name=op.f("ck_products_tax_rate")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_products_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_products")),
        sa.UniqueConstraint(
            "store_id", "external_id", "is_group", name=op.f("uq_products_store_id_external_id_is_group")
        ),
        sa.UniqueConstraint("store_id", "slug", name=op.f("uq_products_store_id_slug")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_products_boosted",
        "products",
        ["store_id", "boost_sort", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_products_brand",
        "products",
        ["store_id", "brand", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active' AND brand IS NOT NULL"),
    )
    op.create_index(
        "ix_products_price",
        "products",
        ["store_id", "price_minor", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_products_title",
        "products",
        ["store_id", "title", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'active'"),
    )


def create_product_texts() -> None:
    op.create_table(
        "product_texts",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["catalog.products.store_id", "catalog.products.id"],
            name=op.f("fk_product_texts_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "product_id", "language", name=op.f("pk_product_texts")),
        sa.UniqueConstraint("store_id", "language", "slug", name=op.f("uq_product_texts_store_id_language_slug")),
        schema=SCHEMA,
    )


def create_variants() -> None:
    op.create_table(
        "variants",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("gtin", sa.Text(), nullable=True),
        sa.Column("mpn", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("compare_at_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("availability", sa.Text(), nullable=False),
        sa.Column("quantity_hint", sa.Integer(), nullable=True),
        sa.Column("preorder_days", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "availability IN ('in_stock', 'out_of_stock', 'preorder', 'backorder')",
            name=op.f("ck_variants_availability"),
        ),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_variants_currency")),
        sa.CheckConstraint("compare_at_minor > price_minor", name=op.f("ck_variants_compare_at")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variants_price")),
        sa.CheckConstraint("quantity_hint >= 0", name=op.f("ck_variants_quantity_hint")),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["catalog.products.store_id", "catalog.products.id"],
            name=op.f("fk_variants_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_variants")),
        sa.UniqueConstraint("store_id", "sku", name=op.f("uq_variants_store_id_sku")),
        schema=SCHEMA,
    )
    op.create_index("ix_variants_product", "variants", ["store_id", "product_id", "position"], schema=SCHEMA)


def create_price_changes() -> None:
    op.create_table(
        "price_changes",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("old_price_minor", sa.Integer(), nullable=True),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("compare_at_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_price_changes_store_id_variant_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_price_changes")),
        schema=SCHEMA,
    )
    op.create_index("ix_price_changes_variant", "price_changes", ["store_id", "variant_id", "at"], schema=SCHEMA)


def create_product_categories() -> None:
    op.create_table(
        "product_categories",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "category_id"],
            ["catalog.categories.store_id", "catalog.categories.id"],
            name=op.f("fk_product_categories_store_id_category_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["catalog.products.store_id", "catalog.products.id"],
            name=op.f("fk_product_categories_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "product_id", "category_id", name=op.f("pk_product_categories")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_product_categories_category", "product_categories", ["store_id", "category_id", "product_id"], schema=SCHEMA
    )
