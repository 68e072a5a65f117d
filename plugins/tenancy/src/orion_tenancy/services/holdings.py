"""How much a module holds of a platform, told before it is switched off."""

from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from orion_core.db import METADATA
from orion_tenancy.models import Merchant, Store


def records_of(session: Session, platform_id: UUID, module: str) -> int:
    """Return how many records a module's tables hold of a platform, its merchants and its stores.

    Args:
        session: A platform-wide session.
        platform_id: The platform.
        module: An installed module; its tables stand in the schema of its name.
    """
    tables = [table for table in METADATA.tables.values() if table.schema == module]
    counts = [
        select(func.count()).select_from(table).where(condition).scalar_subquery()
        for table in tables
        if (condition := _belongs_to(table, platform_id)) is not None
    ]
    return sum(session.execute(select(*counts)).one()) if counts else 0


def _belongs_to(table: Table, platform_id: UUID) -> ColumnElement[bool] | None:
    """Return the condition for a platform's rows, ``None`` for a table that belongs to no tenant."""
    merchants = select(Merchant.id).where(Merchant.platform_id == platform_id)
    stores = select(Store.id).where(Store.merchant_id.in_(merchants))
    if "platform_id" in table.c:
        return table.c.platform_id == platform_id
    if "merchant_id" in table.c:
        return table.c.merchant_id.in_(merchants)
    return table.c.store_id.in_(stores) if "store_id" in table.c else None
