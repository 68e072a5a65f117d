"""Names of stores and their merchants, for lists that other modules make over all stores."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from orion_tenancy.models import Merchant, Platform, Store
from orion_tenancy.services.directory import STORE_OPENS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreName:
    """What a store and its merchant are called.

    Args:
        code: The store's part of an address.
        name: The store's name.
        merchant: The merchant's name.
        opens: Whether its pages can be entered: not if its merchant has ended or its platform rests.
    """

    code: str
    name: str
    merchant: str
    opens: bool


def name_stores(session: Session, store_ids: Collection[UUID]) -> dict[UUID, StoreName]:
    """Return the names of some stores by id; a store that is gone is left out.

    Args:
        session: A platform-wide session.
        store_ids: Which.
    """
    statement = (
        select(Store.id, Store.code, Store.name, Merchant.name, and_(*STORE_OPENS))
        .join(Merchant, Merchant.id == Store.merchant_id)
        .join(Platform, Platform.id == Merchant.platform_id)
        .where(Store.id.in_(store_ids))
    )
    return {
        store_id: StoreName(code=code, name=name, merchant=merchant, opens=opens)
        for store_id, code, name, merchant, opens in session.execute(statement)
    }
