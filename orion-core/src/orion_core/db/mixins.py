"""Columns that tables share: identity, time stamps, versions, and the tenant a row belongs to."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from orion_core.context import current_context
from orion_core.ids import new_id

OWNER_KEY = text("coalesce(store_id, merchant_id, platform_id)")
"""The tenant an ``OwnerScoped`` row belongs to, for indexes that start with it."""


class Identified:
    """A UUIDv7 primary key."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id, sort_order=-10)


class Timestamped:
    """When the row was made and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now(), sort_order=91
    )


class Versioned:
    """A counter that makes concurrent edits visible: the ETag of the record."""

    version: Mapped[int] = mapped_column(sort_order=92)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class StoreScoped:
    """Rows of a store. ``store_id`` leads the primary key, so that references between stores cannot exist."""

    tenant_scope: ClassVar[str] = "store"

    store_id: Mapped[UUID] = mapped_column(
        Uuid, primary_key=True, default=lambda: current_context().store_id, sort_order=-20
    )


class MerchantScoped:
    """Rows of a merchant."""

    tenant_scope: ClassVar[str] = "merchant"

    merchant_id: Mapped[UUID] = mapped_column(
        Uuid, primary_key=True, default=lambda: current_context().merchant_id, sort_order=-20
    )


class PlatformScoped:
    """Rows of a platform."""

    tenant_scope: ClassVar[str] = "platform"

    platform_id: Mapped[UUID] = mapped_column(
        Uuid, primary_key=True, default=lambda: current_context().platform_id, sort_order=-20
    )


class OwnerScoped:
    """Rows that belong to the most specific tenant present when they were written: store, merchant or platform.

    A row without any of the three is the installation's own and is visible to platform-wide sessions only.
    """

    tenant_scope: ClassVar[str] = "owner"

    platform_id: Mapped[UUID | None] = mapped_column(Uuid, default=lambda: current_context().platform_id, sort_order=80)
    merchant_id: Mapped[UUID | None] = mapped_column(Uuid, default=lambda: current_context().merchant_id, sort_order=81)
    store_id: Mapped[UUID | None] = mapped_column(Uuid, default=lambda: current_context().store_id, sort_order=82)


def owner_values() -> dict[str, UUID | None]:
    """Return the columns of ``OwnerScoped`` for the current tenant, to write or to look for."""
    context = current_context()
    return {
        "platform_id": context.platform_id,
        "merchant_id": context.merchant_id,
        "store_id": context.store_id,
    }


def tenant_reference(
    columns: tuple[str, ...], target: str, *, scope: str = "store", ondelete: str | None = None
) -> ForeignKeyConstraint:
    """Return a foreign key between two tables of one tenant, led by the tenant's column.

    A plain foreign key is checked outside row-level security and would accept another tenant's row.

    Args:
        columns: Referring columns, without the tenant's.
        target: ``schema.table`` referred to; its key is the tenant column followed by ``id``.
        scope: ``store``, ``merchant`` or ``platform``.
        ondelete: SQL action, such as ``CASCADE``.
    """
    tenant = f"{scope}_id"
    return ForeignKeyConstraint((tenant, *columns), (f"{target}.{tenant}", f"{target}.id"), ondelete=ondelete)


def one_of(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    """Return a CHECK that a text column holds one of ``values``.

    Args:
        column: Column name.
        values: Allowed values; plain identifiers, they are written into the statement.
        name: Constraint name without prefix.
    """
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=name)
