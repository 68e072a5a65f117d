"""Feed imports: files, progress and refused rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "catalog_0003"
down_revision = "catalog_0002"
requires = ()

SCHEMA = "catalog"
TABLES = (
    "feed_imports",
    "feed_chunks",
    "feed_import_errors",
)


def upgrade() -> None:
    create_feed_imports()
    create_feed_chunks()
    create_feed_import_errors()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
        # Without statistics every store counts as 1/200 of the table. With them, one that was not there yet at
        # the last ANALYZE counts as empty: its first import then reads the whole store for each row.
        op.execute(f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN store_id SET STATISTICS 0")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_feed_imports() -> None:
    op.create_table(
        "feed_imports",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Integer(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'completed', 'failed')", name=op.f("ck_feed_imports_status")
        ),
        sa.CheckConstraint("rows = created + updated + unchanged + rejected", name=op.f("ck_feed_imports_rows_add_up")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_feed_imports_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_feed_imports")),
        schema=SCHEMA,
    )
    op.create_index("ix_feed_imports_newest", "feed_imports", ["store_id", "id"], schema=SCHEMA)


def create_feed_chunks() -> None:
    op.create_table(
        "feed_chunks",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "import_id"],
            ["catalog.feed_imports.store_id", "catalog.feed_imports.id"],
            name=op.f("fk_feed_chunks_store_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "import_id", "number", name=op.f("pk_feed_chunks")),
        schema=SCHEMA,
    )


def create_feed_import_errors() -> None:
    op.create_table(
        "feed_import_errors",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "import_id"],
            ["catalog.feed_imports.store_id", "catalog.feed_imports.id"],
            name=op.f("fk_feed_import_errors_store_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "import_id", "row", name=op.f("pk_feed_import_errors")),
        schema=SCHEMA,
    )
