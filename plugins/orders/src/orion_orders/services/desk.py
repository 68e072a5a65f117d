"""What a store's team looks at: orders to ship, parcels in the house, pick lists, and figures for the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.money import Money
from orion_core.services.newest import take
from orion_orders.models import Fulfilment, Invoice, Order, OrderItem, OrderReturn
from orion_orders.services.fulfilments import UNSHIPPED

DAYS = 30
ENDED = ("cancelled", "declined", "expired", "draft")
_HAS_OPEN = exists().where(
    OrderItem.store_id == Order.store_id,
    OrderItem.order_id == Order.id,
    OrderItem.kind == "product",
    OrderItem.quantity > OrderItem.cancelled + OrderItem.shipped,
)
_TO_SHIP = and_(Order.status == "confirmed", Order.fulfilment_status.in_(("unfulfilled", "partial")), _HAS_OPEN)


@dataclass(frozen=True, slots=True)
class PickLine:
    """Pieces of one article to take from the shelf, and for which orders."""

    sku: str
    title: str
    options: dict[str, Any]
    pieces: int
    orders: tuple[str, ...]


def list_to_ship(
    session: Session, limit: int, after: tuple[Any, ...] | None
) -> tuple[list[Order], tuple[Any, ...] | None]:
    """Return a page of confirmed orders with pieces to ship, the oldest first, and the key of the next page."""
    return take(session, select(Order).where(_TO_SHIP), Order.id, UUID, after=after, limit=limit, oldest_first=True)


def list_open_parcels(session: Session, limit: int = 100) -> list[tuple[Fulfilment, Order]]:
    """Return the parcels that are still in the house with their orders, oldest first."""
    statement = (
        select(Fulfilment, Order)
        .join(Order, and_(Order.store_id == Fulfilment.store_id, Order.id == Fulfilment.order_id))
        .where(Fulfilment.status.in_(UNSHIPPED))
        .order_by(Fulfilment.created_at, Fulfilment.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def pick_list(session: Session, order_ids: Sequence[UUID]) -> tuple[list[Order], list[PickLine]]:
    """Return what has to be taken from the shelf for some orders, or for all that are to be shipped.

    Args:
        session: A session of the store.
        order_ids: Which; empty for the hundred oldest.
    """
    wanted = select(Order).where(_TO_SHIP).order_by(Order.placed_at).limit(100)
    if order_ids:
        wanted = wanted.where(Order.id.in_(order_ids))
    orders = {order.id: order for order in session.scalars(wanted)}
    items = select(OrderItem).where(OrderItem.order_id.in_(orders), OrderItem.kind == "product")
    lines: dict[tuple[str, str], PickLine] = {}
    for item in session.scalars(items.order_by(OrderItem.sku, OrderItem.id)):
        if not item.open:
            continue
        known = lines.get((item.sku, item.title))
        numbers = (*(known.orders if known else ()), orders[item.order_id].number)
        pieces = item.open + (known.pieces if known else 0)
        lines[item.sku, item.title] = PickLine(item.sku, item.title, item.options, pieces, numbers)
    return list(orders.values()), list(lines.values())


def figures(session: Session) -> dict[str, Any]:
    """Return what the dashboard shows of orders: today, what is to do, and the takings of the last thirty days."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DAYS - 1)
    taken = Order.total_minor - Order.credited_minor
    day = func.date_trunc("day", Order.placed_at, "UTC").label("day")
    statement = (
        select(day, func.count(), func.sum(taken))
        .where(Order.placed_at >= first, Order.status.not_in(ENDED))
        .group_by(day)
    )
    by_day: dict[date, tuple[int, int]] = {row[0].date(): (row[1], int(row[2])) for row in session.execute(statement)}
    days = [(first + timedelta(days=number)).date() for number in range(DAYS)]
    open_returns = OrderReturn.status.in_(("requested", "approved", "in_transit", "received"))
    counts = session.execute(
        select(
            select(func.count()).select_from(Order).where(_TO_SHIP).scalar_subquery(),
            select(func.count()).select_from(OrderReturn).where(open_returns).scalar_subquery(),
        )
    ).one()
    currency = current_context().store.currency
    count, amount = by_day.get(today.date(), (0, 0))
    return {
        "orders_today": count,
        "taken_today": amount,
        "to_ship": counts[0],
        "open_returns": counts[1],
        "takings": [(each, Money(by_day.get(each, (0, 0))[1], currency).decimal) for each in days],
        "currency": currency,
    }


def find_in_all_stores(session: Session, words: str, limit: int = 50) -> list[Order]:
    """Return orders of all stores by number or by the buyer's whole address, the newest first.

    Args:
        session: A platform-wide session.
        words: An order's number or an e-mail address.
        limit: Rows wanted.
    """
    found = Order.email == words.lower() if "@" in words else Order.number == words.upper()
    return list(session.scalars(select(Order).where(found).order_by(Order.id.desc()).limit(limit)))


def documents_of(session: Session, order: Order) -> list[Invoice]:
    """Return an order's invoices and credit notes in a platform-wide session."""
    statement = select(Invoice).where(Invoice.store_id == order.store_id, Invoice.order_id == order.id)
    return list(session.scalars(statement.order_by(Invoice.id)))
