"""Faults in tables, migrations and policies."""

from tests.kit.mutations.making import MIGRATION, PACKAGE, POLICY, add, fault, module, swap

CHILD = """

class Note(StoreScoped, Identified, Base):
    __tablename__ = "notes"
    __table_args__ = ({reference},)

    entry_id: Mapped[UUID]
"""
NOTES = """    op.create_table(
        "notes",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        {reference}
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_notes")),
        schema=SCHEMA,
    )
    op.create_tenant_policy("notes", schema=SCHEMA, scope="store")
"""

TABLES = [
    fault(
        "a table stands outside its schema",
        module(
            "models.py",
            'UniqueConstraint("store_id", "title"),',
            'UniqueConstraint("store_id", "title"), {"schema": "tenancy"},',
        ),
        checks="contributions",
        words="belongs to schema",
    ),
    fault("a tenant's table has no policy", swap(MIGRATION, POLICY, ""), checks="tenant-policies tenant-isolation"),
    fault(
        "a policy is not forced",
        swap(MIGRATION, POLICY, POLICY + '    op.execute("ALTER TABLE gadgets.entries NO FORCE ROW LEVEL SECURITY")\n'),
        checks="tenant-policies",
        words="not forced",
    ),
    fault(
        "a policy lets everybody in",
        swap(MIGRATION, 'scope="store"', 'using="store_id IS NOT NULL"'),
        checks="tenant-isolation",
        words="another tenant read, change, remove, add to",
    ),
    fault(
        "a unique key does not begin with the tenant",
        module("models.py", 'UniqueConstraint("store_id", "title")', 'UniqueConstraint("title")'),
        swap(
            MIGRATION,
            'sa.UniqueConstraint("store_id", "title", name=op.f("uq_entries_store_id_title"))',
            'sa.UniqueConstraint("title", name=op.f("uq_entries_title"))',
        ),
        checks="tenant-keys",
        words="unique over title",
    ),
    fault(
        "a table of a store refers to another without the store",
        module("models.py", "from sqlalchemy import ", "from uuid import UUID\n\nfrom sqlalchemy import "),
        module(
            "models.py",
            "    is_shown: Mapped[bool] = mapped_column(default=False)\n",
            "    is_shown: Mapped[bool] = mapped_column(default=False)\n"
            + CHILD.format(reference='ForeignKeyConstraint(["entry_id"], ["gadgets.entries.id"])'),
        ),
        module(
            "models.py",
            'UniqueConstraint("store_id", "title")',
            'UniqueConstraint("store_id", "title"), UniqueConstraint("id", name="uq_entries_id")',
        ),
        swap(
            MIGRATION,
            POLICY,
            '    op.create_unique_constraint("uq_entries_id", "entries", ["id"], schema=SCHEMA)\n'
            + POLICY
            + NOTES.format(
                reference="""sa.ForeignKeyConstraint(
            ["entry_id"], ["gadgets.entries.id"], name=op.f("fk_notes_entry_id")
        ),"""
            ),
        ),
        swap(
            MIGRATION,
            '    op.drop_table("entries", schema=SCHEMA)',
            '    op.drop_table("notes", schema=SCHEMA)\n    op.drop_table("entries", schema=SCHEMA)',
        ),
        checks="tenant-references tenant-keys",
        words="without store_id",
    ),
    fault(
        "a price is a floating-point number",
        module(
            "models.py",
            "    is_shown: Mapped[bool]",
            "    price: Mapped[float] = mapped_column(default=0.0)\n    is_shown: Mapped[bool]",
        ),
        swap(
            MIGRATION,
            '        sa.Column("is_shown"',
            '        sa.Column("price", sa.Float(), nullable=False),\n        sa.Column("is_shown"',
        ),
        checks="money",
    ),
    fault(
        "a model has no migration",
        module(
            "models.py",
            "    is_shown: Mapped[bool]",
            "    colour: Mapped[str | None] = mapped_column(Text)\n    is_shown: Mapped[bool]",
        ),
        checks="drift pages",
        words="add_column",
    ),
    fault(
        "a migration has no model",
        swap(
            MIGRATION,
            '        sa.Column("is_shown"',
            '        sa.Column("colour", sa.Text(), nullable=True),\n        sa.Column("is_shown"',
        ),
        checks="drift",
        words="remove_column",
    ),
    fault(
        "a downgrade leaves a table",
        swap(MIGRATION, '    op.drop_table("entries", schema=SCHEMA)', "    pass"),
        checks="migrations",
    ),
    fault(
        "a downgrade leaves a type",
        swap(
            MIGRATION,
            "def upgrade() -> None:\n",
            'def upgrade() -> None:\n    op.execute("CREATE SEQUENCE IF NOT EXISTS gadgets.numbers")\n',
        ),
        checks="leftovers",
        words="sequence numbers",
    ),
    fault(
        "a revision is misnamed",
        swap(MIGRATION, 'revision = "gadgets_0001"', 'revision = "gizmos_0001"'),
        checks="revisions migrations",
    ),
    fault(
        "the first revision has no label",
        swap(MIGRATION, 'branch_labels = ("gadgets",)\n', ""),
        checks="revisions",
        words="no label",
    ),
    fault(
        "the revisions fork",
        *(
            add(
                f"{PACKAGE}/migrations/gadgets_000{number}_fork.py",
                f'"""A fork."""\n\nrevision = "gadgets_000{number}"\ndown_revision = "gadgets_0001"\n\n\n'
                "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n",
            )
            for number in (2, 3)
        ),
        checks="migrations",
        words="fork",
    ),
    fault(
        "a revision needs one that is not there",
        swap(MIGRATION, 'requires = ("tenancy_0001",)', 'requires = ("tenancy_0099",)'),
        checks="migrations",
        words="tenancy_0099",
    ),
]
