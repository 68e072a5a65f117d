"""Finds the past sale that a cancellation belongs to, and takes its pieces back."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM
from orion_orders.models import Order, OrderCredit, OrderItem, OrderPayment, OrderReturn, ReturnItem
from orion_orders.services.history_rows import HistoryLine
from orion_orders.services.standing import refresh_standing


def customer_note(customer: str) -> str:
    """Return how an imported order says whose it was; empty if nobody knows."""
    return f"Customer {customer}" if customer else ""


class Returner:
    """Knows the past sales of some customers, and takes pieces of them back.

    Args:
        session: A session of the store.
        customers: Their numbers in the system the sales come from.
    """

    def __init__(self, session: Session, customers: set[str]) -> None:
        self.session = session
        self.sales: dict[tuple[str, str, int], list[OrderItem]] = defaultdict(list)
        self.orders: dict[UUID, Order] = {}
        notes = {customer_note(customer) for customer in customers if customer}
        statement = (
            select(Order, OrderItem)
            .join(OrderItem, OrderItem.order_id == Order.id)
            .where(Order.channel == "import", Order.note.in_(notes))
            .order_by(Order.placed_at, Order.id, OrderItem.position)
        )
        for order, item in session.execute(statement):
            self.orders[order.id] = order
            self.sales[order.note, item.sku, item.unit_price_minor].append(item)

    def take_back(self, line: HistoryLine) -> str:
        """Credit a cancelled line to the newest sale it fits; return why that cannot be, or nothing."""
        if not line.customer:
            return "without a customer nobody can tell which sale it cancels"
        pieces = -line.quantity
        for item in reversed(self.sales[customer_note(line.customer), line.sku, line.price_minor]):
            placed = self.orders[item.order_id].placed_at
            if item.quantity - item.returned >= pieces and placed is not None and placed <= line.at:
                self._credit(self.orders[item.order_id], item, pieces, line)
                return ""
        return "the sale it cancels is not in the file"

    def _credit(self, order: Order, item: OrderItem, pieces: int, line: HistoryLine) -> None:
        amount, session = -line.amount_minor, self.session
        last = session.scalar(select(func.max(OrderReturn.number)).where(OrderReturn.order_id == order.id)) or 0
        found = OrderReturn(
            order_id=order.id,
            number=last + 1,
            kind="return",
            status="closed",
            reason=line.invoice,
            received_at=line.at,
            refund_minor=amount,
        )
        session.add(found)
        session.flush()
        row = ReturnItem(return_id=found.id, item_id=item.id, quantity=pieces, received=pieces, condition="resellable")
        credit = OrderCredit(
            order_id=order.id, item_id=item.id, at=line.at, kind="returned", pieces=pieces, amount_minor=amount
        )
        session.add_all([row, credit])
        if amount:
            about = {"kind": "refund", "amount_minor": amount, "method": "imported", "reference": line.invoice}
            session.add(OrderPayment(order_id=order.id, at=line.at, actor_name=SYSTEM.name, **about))
        item.returned += pieces
        order.credited_minor += amount
        order.refunded_minor += amount
        refresh_standing(session, order)
