"""What a customer would like to have."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_catalog.api import SaleItem, find_variants, get_variant
from orion_core.context import current_context
from orion_core.errors import Conflict
from orion_customers.models import WishlistItem

MAX_WISHES = 200


def list_wishes(session: Session, customer_id: UUID) -> list[SaleItem]:
    """Return what is on the list and still in the catalogue, newest first."""
    statement = select(WishlistItem.variant_id).where(WishlistItem.customer_id == customer_id)
    ids = session.scalars(statement.order_by(WishlistItem.added_at.desc(), WishlistItem.variant_id)).all()
    items = find_variants(session, ids)
    return [items[variant_id] for variant_id in ids if variant_id in items]


def add_wish(session: Session, customer_id: UUID, variant_id: UUID) -> None:
    """Put a variant on the list; fine if it is there."""
    get_variant(session, variant_id)
    if len(list_wishes(session, customer_id)) >= MAX_WISHES:
        raise Conflict(f"a wishlist holds {MAX_WISHES} articles at most")
    values = {"store_id": current_context().store_id, "customer_id": customer_id, "variant_id": variant_id}
    session.execute(insert(WishlistItem).values(**values).on_conflict_do_nothing())


def remove_wish(session: Session, customer_id: UUID, variant_id: UUID) -> None:
    """Take a variant off the list; fine if it is not there."""
    mine = (WishlistItem.customer_id == customer_id, WishlistItem.variant_id == variant_id)
    session.execute(delete(WishlistItem).where(*mine))
