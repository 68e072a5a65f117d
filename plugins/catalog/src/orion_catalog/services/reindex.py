"""Rebuilds lists and search of a store's products, some at a time."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, func, select

from orion_catalog.models import Product, SearchWord
from orion_catalog.services.summaries import refresh_products
from orion_core.db import unit_of_work

STEP = 2000


def reindex_store(progress: Callable[[int, int | None], None]) -> int:
    """Return how many products were looked at; each step is a transaction of its own."""
    with unit_of_work() as session:
        total = session.scalar(select(func.count()).select_from(Product)) or 0
        session.execute(delete(SearchWord))
    done, last = 0, UUID(int=0)
    while True:
        with unit_of_work() as session:
            chosen = select(Product.id).where(Product.id > last).order_by(Product.id).limit(STEP)
            ids = list(session.scalars(chosen))
            refresh_products(session, ids)
        if not ids:
            return done
        done, last = done + len(ids), ids[-1]
        progress(done, max(total, done))
