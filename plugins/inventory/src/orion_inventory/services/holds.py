"""Holds that have ended are removed; until then they are only ignored."""

from datetime import UTC, datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from orion_inventory.models import Reservation

BATCH = 5000


def sweep(session: Session) -> int:
    """Remove ended holds of all stores, and return how many. A platform-wide session."""
    key = (Reservation.store_id, Reservation.cart_id, Reservation.variant_id)
    ended = select(*key).where(Reservation.expires_at <= datetime.now(UTC)).limit(BATCH)
    ended = ended.with_for_update(skip_locked=True)
    swept = 0
    while True:
        gone = delete(Reservation).where(tuple_(*key).in_(ended)).execution_options(synchronize_session=False)
        count = int(session.execute(gone).rowcount)  # type: ignore[attr-defined]
        swept += count
        if count < BATCH:
            return swept
