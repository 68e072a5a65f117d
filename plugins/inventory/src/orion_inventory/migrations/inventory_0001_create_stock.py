"""Locations, counters, reservations, allocations, the ledger with its proof, transfers and stocktakes."""

import sqlalchemy as sa
from alembic import op

revision = "inventory_0001"
down_revision = None
branch_labels = ("inventory",)
requires = ("core_0001", "tenancy_0001", "catalog_0001")

SCHEMA = "inventory"
TABLES = (
    "locations",
    "inventory",
    "reservations",
    "allocations",
    "inventory_transactions",
    "ledger_mismatches",
    "transfers",
    "transfer_lines",
    "stocktakes",
    "stocktake_lines",
    "steps",
)


def upgrade() -> None:
    create_locations()
    create_inventory()
    create_reservations()
    create_allocations()
    create_inventory_transactions()
    create_ledger_mismatches()
    create_transfers()
    create_transfer_lines()
    create_stocktakes()
    create_stocktake_lines()
    create_steps()
    for table in TABLES:
        op.create_tenant_policy(table, schema=SCHEMA, scope="store")
    op.make_append_only("inventory_transactions", schema=SCHEMA)
    op.make_append_only("steps", schema=SCHEMA)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def create_locations() -> None:
    op.create_table(
        "locations",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('warehouse', 'shop', 'supplier', 'other')", name=op.f("ck_locations_kind")),
        sa.CheckConstraint("priority >= 0", name=op.f("ck_locations_priority")),
        sa.ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"], name=op.f("fk_locations_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_locations")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_locations_store_id_code")),
        schema=SCHEMA,
    )


def create_inventory() -> None:
    op.create_table(
        "inventory",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("bin", sa.Text(), server_default="", nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unavailable", sa.Integer(), server_default="0", nullable=False),
        sa.Column("low_stock_at", sa.Integer(), nullable=True),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("low_stock_at >= 0", name=op.f("ck_inventory_low_stock_at")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_inventory_on_hand")),
        sa.CheckConstraint("reserved <= on_hand", name=op.f("ck_inventory_promised_is_there")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_inventory_reserved")),
        sa.CheckConstraint("unavailable >= 0", name=op.f("ck_inventory_unavailable")),
        sa.ForeignKeyConstraint(
            ["store_id", "location_id"],
            ["inventory.locations.store_id", "inventory.locations.id"],
            name=op.f("fk_inventory_store_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_inventory_store_id_variant_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_inventory")),
        sa.UniqueConstraint(
            "store_id",
            "variant_id",
            "location_id",
            "bin",
            name=op.f("uq_inventory_store_id_variant_id_location_id_bin"),
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_inventory_location", "inventory", ["store_id", "location_id"], schema=SCHEMA)
    op.create_index(
        "ix_inventory_low",
        "inventory",
        ["store_id", "variant_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("on_hand - reserved <= low_stock_at"),
    )


def create_reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservations_quantity")),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_reservations_store_id_variant_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "cart_id", "variant_id", name=op.f("pk_reservations")),
        schema=SCHEMA,
    )
    op.create_index("ix_reservations_expires_at", "reservations", ["expires_at"], schema=SCHEMA)
    op.create_index("ix_reservations_variant", "reservations", ["store_id", "variant_id", "expires_at"], schema=SCHEMA)


def create_allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("inventory_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_allocations_quantity")),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.inventory.store_id", "inventory.inventory.id"],
            name=op.f("fk_allocations_store_id_inventory_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "order_id", "inventory_id", name=op.f("pk_allocations")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_allocations_open",
        "allocations",
        ["store_id", "inventory_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("quantity > 0"),
    )


def create_inventory_transactions() -> None:
    op.create_table(
        "inventory_transactions",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inventory_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_hand_change", sa.Integer(), nullable=False),
        sa.Column("reserved_change", sa.Integer(), nullable=False),
        sa.Column("unavailable_change", sa.Integer(), nullable=False),
        sa.Column("on_hand_after", sa.Integer(), nullable=False),
        sa.Column("reserved_after", sa.Integer(), nullable=False),
        sa.Column("unavailable_after", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=True),
        sa.Column("return_id", sa.Uuid(), nullable=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("stocktake_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(
            "(reserved_change = 0 AND kind NOT IN ('shipment', 'return')) OR order_id IS NOT NULL",
            name=op.f("ck_inventory_transactions_promises_have_an_order"),
        ),
        sa.CheckConstraint(
            "kind <> 'allocation' OR (on_hand_change = 0 AND reserved_change > 0)",
            name=op.f("ck_inventory_transactions_allocation_promises"),
        ),
        sa.CheckConstraint(
            "kind <> 'release' OR (on_hand_change = 0 AND reserved_change < 0)",
            name=op.f("ck_inventory_transactions_release_takes_back"),
        ),
        sa.CheckConstraint(
            "kind <> 'return' OR return_id IS NOT NULL", name=op.f("ck_inventory_transactions_return_has_its_record")
        ),
        sa.CheckConstraint(
            "kind <> 'shipment' OR (on_hand_change < 0 AND reserved_change <= 0)",
            name=op.f("ck_inventory_transactions_shipment_leaves"),
        ),
        sa.CheckConstraint(
            "kind <> 'shipment' OR fulfilment_id IS NOT NULL",
            name=op.f("ck_inventory_transactions_shipment_has_a_fulfilment"),
        ),
        sa.CheckConstraint(
            "kind <> 'stocktake' OR stocktake_id IS NOT NULL",
            name=op.f("ck_inventory_transactions_stocktake_has_its_record"),
        ),
        sa.CheckConstraint(
            "kind IN ('receipt', 'allocation', 'release', 'shipment', 'return', 'adjustment', 'write_off', "
            "'transfer_out', 'transfer_in', 'stocktake')",
            name=op.f("ck_inventory_transactions_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('adjustment', 'write_off') OR reason <> ''",
            name=op.f("ck_inventory_transactions_has_a_reason"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('transfer_out', 'transfer_in') OR transfer_id IS NOT NULL",
            name=op.f("ck_inventory_transactions_transfer_has_its_record"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.inventory.store_id", "inventory.inventory.id"],
            name=op.f("fk_inventory_transactions_store_id_inventory_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_inventory_transactions")),
        sa.UniqueConstraint(
            "store_id", "inventory_id", "number", name=op.f("uq_inventory_transactions_store_id_inventory_id_number")
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_inventory_transactions_order",
        "inventory_transactions",
        ["store_id", "order_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )


def create_ledger_mismatches() -> None:
    op.create_table(
        "ledger_mismatches",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inventory_id", sa.Uuid(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "counter IN ('on_hand', 'reserved', 'unavailable', 'allocations', 'entries')",
            name=op.f("ck_ledger_mismatches_counter"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.inventory.store_id", "inventory.inventory.id"],
            name=op.f("fk_ledger_mismatches_store_id_inventory_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_ledger_mismatches")),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_ledger_mismatches_open",
        "ledger_mismatches",
        ["store_id", "inventory_id", "counter"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def create_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'in_transit', 'cancelled', 'received')", name=op.f("ck_transfers_state")
        ),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_transfers_goes_somewhere")),
        sa.ForeignKeyConstraint(
            ["store_id", "source_id"],
            ["inventory.locations.store_id", "inventory.locations.id"],
            name=op.f("fk_transfers_store_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "target_id"],
            ["inventory.locations.store_id", "inventory.locations.id"],
            name=op.f("fk_transfers_store_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_transfers")),
        schema=SCHEMA,
    )


def create_transfer_lines() -> None:
    op.create_table(
        "transfer_lines",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_lines_quantity")),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name=op.f("ck_transfer_lines_received")),
        sa.ForeignKeyConstraint(
            ["store_id", "transfer_id"],
            ["inventory.transfers.store_id", "inventory.transfers.id"],
            name=op.f("fk_transfer_lines_store_id_transfer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["catalog.variants.store_id", "catalog.variants.id"],
            name=op.f("fk_transfer_lines_store_id_variant_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "transfer_id", "variant_id", name=op.f("pk_transfer_lines")),
        schema=SCHEMA,
    )


def create_stocktakes() -> None:
    op.create_table(
        "stocktakes",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'counted', 'cancelled', 'approved', 'posted')", name=op.f("ck_stocktakes_state")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "location_id"],
            ["inventory.locations.store_id", "inventory.locations.id"],
            name=op.f("fk_stocktakes_store_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_stocktakes")),
        schema=SCHEMA,
    )


def create_stocktake_lines() -> None:
    op.create_table(
        "stocktake_lines",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("stocktake_id", sa.Uuid(), nullable=False),
        sa.Column("inventory_id", sa.Uuid(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(counted IS NULL) = (expected IS NULL)", name=op.f("ck_stocktake_lines_counted_against")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stocktake_lines_counted")),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.inventory.store_id", "inventory.inventory.id"],
            name=op.f("fk_stocktake_lines_store_id_inventory_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "stocktake_id"],
            ["inventory.stocktakes.store_id", "inventory.stocktakes.id"],
            name=op.f("fk_stocktake_lines_store_id_stocktake_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "stocktake_id", "inventory_id", name=op.f("pk_stocktake_lines")),
        schema=SCHEMA,
    )


def create_steps() -> None:
    op.create_table(
        "steps",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_steps")),
        schema=SCHEMA,
    )
    op.create_index("ix_steps_record", "steps", ["store_id", "record_id", "at"], schema=SCHEMA)
