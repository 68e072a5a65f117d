"""Feed imports: the file as it came, how far it was applied, and the rows that were refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_catalog.models.base import Base
from orion_core.db import Identified, StoreScoped, Timestamped
from orion_core.db.mixins import one_of, tenant_reference

IMPORT_STATUSES = ("waiting", "running", "completed", "failed")


class FeedImport(StoreScoped, Timestamped, Identified, Base):
    """One file on its way into the catalogue; ``rows`` of it are applied, the counters say how."""

    __tablename__ = "feed_imports"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        one_of("status", IMPORT_STATUSES, "status"),
        CheckConstraint("rows = created + updated + unchanged + rejected", name="rows_add_up"),
        Index("ix_feed_imports_newest", "store_id", "id"),
    )

    file_name: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    is_complete: Mapped[bool] = mapped_column(default=False)
    """Whether the file names all products, so that those missing from it are archived."""
    status: Mapped[str] = mapped_column(Text, default="waiting")
    run_id: Mapped[UUID | None]
    lines: Mapped[int | None]
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    archived: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    error: Mapped[str | None] = mapped_column(Text)
    started_by: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class FeedChunk(StoreScoped, Base):
    """A piece of an uploaded file; in the database, because workers share no disk with the web."""

    __tablename__ = "feed_chunks"
    __table_args__ = (tenant_reference(("import_id",), "catalog.feed_imports", ondelete="CASCADE"),)

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FeedImportError(StoreScoped, Base):
    """A row that was refused, and why."""

    __tablename__ = "feed_import_errors"
    __table_args__ = (tenant_reference(("import_id",), "catalog.feed_imports", ondelete="CASCADE"),)

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(Text)
    column_name: Mapped[str] = mapped_column("column", Text)
    value: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
