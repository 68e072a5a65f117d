"""Invoices and credit notes, and the series their numbers come from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orion_core.db.operations import SCOPES, setting

revision = "orders_0004"
down_revision = "orders_0003"
requires = ()

SCHEMA = "orders"
REFERRING = ("order_items", "order_credits")


def upgrade() -> None:
    create_invoice_series()
    create_invoices()
    op.create_tenant_policy("invoice_series", schema=SCHEMA, scope="merchant")
    # A store sees its own, and takes numbers of its own merchant only.
    check = f"{SCOPES['store']} AND merchant_id = {setting('merchant')}"
    op.create_tenant_policy("invoices", schema=SCHEMA, using=SCOPES["store"], check=check)
    op.make_append_only("invoices", schema=SCHEMA)
    op.keep_by_law(
        "invoices",
        schema=SCHEMA,
        years=10,
        since="issued_on",
        reason="invoices are kept for ten years (Luxembourg: article 65 of the VAT law)",
    )
    for table in REFERRING:
        refer_to_invoices(table)


def downgrade() -> None:
    for table in REFERRING:
        op.drop_constraint(op.f(f"fk_{table}_store_id_invoice_id"), table, schema=SCHEMA, type_="foreignkey")
    op.drop_table("invoices", schema=SCHEMA)
    op.drop_table("invoice_series", schema=SCHEMA)


def refer_to_invoices(table: str) -> None:
    # Checked in the next revision: the check holds no lock that writers wait for, in a transaction of its own.
    op.create_foreign_key(
        op.f(f"fk_{table}_store_id_invoice_id"),
        table,
        "invoices",
        ["store_id", "invoice_id"],
        ["store_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
        postgresql_not_valid=True,
    )


def create_invoice_series() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoice_series_kind")),
        sa.CheckConstraint("next_number > 0", name=op.f("ck_invoice_series_next_number")),
        sa.ForeignKeyConstraint(["merchant_id"], ["tenancy.merchants.id"], name=op.f("fk_invoice_series_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_invoice_series")),
        sa.UniqueConstraint("merchant_id", "kind", "year", name=op.f("uq_invoice_series_merchant_id_kind_year")),
        sa.UniqueConstraint("merchant_id", "prefix", "year", name=op.f("uq_invoice_series_merchant_id_prefix_year")),
        schema=SCHEMA,
    )


def create_invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("rounding_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("pdf_id", sa.Uuid(), nullable=False),
        sa.Column("cii_id", sa.Uuid(), nullable=False),
        sa.Column("ubl_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(kind = 'credit_note') = (corrects_id IS NOT NULL)", name=op.f("ck_invoices_corrects")),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind")),
        sa.CheckConstraint("net_minor + tax_minor + rounding_minor = total_minor", name=op.f("ck_invoices_adds_up")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_invoices_currency")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_invoices_sequence")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "series_id"],
            ["orders.invoice_series.merchant_id", "orders.invoice_series.id"],
            name=op.f("fk_invoices_merchant_id_series_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "corrects_id"],
            ["orders.invoices.store_id", "orders.invoices.id"],
            name=op.f("fk_invoices_store_id_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.orders.store_id", "orders.orders.id"],
            name=op.f("fk_invoices_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_invoices_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "merchant_id", "series_id", "sequence", name=op.f("uq_invoices_merchant_id_series_id_sequence")
        ),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_invoices_store_id_number")),
        schema=SCHEMA,
    )
    op.create_index("ix_invoices_issued", "invoices", ["store_id", "issued_on"], unique=False, schema=SCHEMA)
    op.create_index("ix_invoices_order", "invoices", ["store_id", "order_id"], unique=False, schema=SCHEMA)
