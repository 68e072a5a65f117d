"""Writes batches of past orders: each table in one statement, its rows sent as one JSON document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.ids import new_id
from orion_orders.services.history_rows import HistoryLine, customer_note

_encode = msgspec.json.Encoder().encode

_ORDERS = """
    FROM json_to_recordset(CAST(:orders AS json)) AS o(
        id uuid, event_id uuid, payment_id uuid, invoice text, status text, payment_status text,
        fulfilment_status text, goods_minor integer, shipping_minor integer, total_minor integer,
        credited_minor integer, paid_minor integer, address jsonb, note text, at timestamptz
    )
"""
_ITEMS = """
    FROM json_to_recordset(CAST(:items AS json)) AS i(
        id uuid, order_id uuid, position integer, kind text, sku text, title text, quantity integer,
        price_minor integer, country text, cancelled integer, shipped integer, credit_id uuid, at timestamptz
    )
"""
# References are checked with plans that a connection keeps; those made while a table was small read all of it for
# each row once it is large (20,000 lines: 22 s with them, 7 s without).
FORGET_PLANS = text("DISCARD PLANS")
INSERT_ORDERS = text(f"""
    INSERT INTO orders.orders (
        store_id, id, version, number, external_id, channel, status, payment_status, fulfilment_status, locale,
        currency, goods_minor, discount_minor, shipping_minor, net_minor, tax_minor, rounding_minor, total_minor,
        credited_minor, paid_minor, refunded_minor, shipping_address, billing_address, shipping, terms_version,
        note, placed_at, confirmed_at, completed_at, cancelled_at, cancel_reason
    )
    SELECT
        :store_id, id, 1, 'H' || invoice, invoice, 'import', status, payment_status, fulfilment_status, :locale,
        :currency, goods_minor, 0, shipping_minor, total_minor, 0, 0, total_minor,
        credited_minor, paid_minor, 0, address, address, '{{}}', '',
        note, at, CASE status WHEN 'completed' THEN at END, CASE status WHEN 'completed' THEN at END,
        CASE status WHEN 'cancelled' THEN at END, CASE status WHEN 'cancelled' THEN 'other' END
    {_ORDERS}
""")
INSERT_PAYMENTS = text(f"""
    INSERT INTO orders.order_payments (store_id, id, order_id, at, kind, amount_minor, method, reference, actor_name)
    SELECT :store_id, payment_id, id, at, 'payment', paid_minor, 'imported', '', :actor_name
    {_ORDERS} WHERE paid_minor > 0
""")
INSERT_EVENTS = text(f"""
    INSERT INTO orders.order_events (store_id, id, order_id, at, kind, data, is_public, actor_kind, actor_name)
    SELECT
        :store_id, event_id, id, at, 'imported', jsonb_build_object('number', invoice), false, :actor_kind, :actor_name
    {_ORDERS}
""")
INSERT_ITEMS = text(f"""
    INSERT INTO orders.order_items (
        store_id, id, order_id, position, kind, sku, title, options, quantity, unit_price_minor, discount_minor,
        total_minor, net_minor, tax_reason, tax_category, tax_rate_bp, tax_country,
        tax_note, cancelled, shipped, returned
    )
    SELECT
        :store_id, id, order_id, position, kind, sku, title, '{{}}', quantity, price_minor, 0,
        quantity * price_minor, quantity * price_minor, 'imported', 'O', 0, country,
        'taken over; the tax inside is not known', cancelled, shipped, 0
    {_ITEMS}
""")
INSERT_CREDITS = text(f"""
    INSERT INTO orders.order_credits (store_id, id, order_id, item_id, at, kind, pieces, amount_minor)
    SELECT :store_id, credit_id, order_id, id, at, 'cancelled', quantity, quantity * price_minor
    {_ITEMS} WHERE credit_id IS NOT NULL
""")


class Rows:
    """What a batch writes."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.items: list[dict[str, Any]] = []

    def add_sale(self, lines: Sequence[HistoryLine]) -> None:
        """Add a completed order, paid and delivered; what is carriage is a part of its delivery.

        Args:
            lines: The lines of an invoice.
        """
        total, goods = (sum(line.amount_minor for line in each) for each in (lines, _goods(lines)))
        order_id = self._add_order(
            lines,
            status="completed",
            payment_status="paid",
            fulfilment_status="delivered" if _goods(lines) else "unfulfilled",
            goods_minor=goods,
            shipping_minor=total - goods,
            total_minor=total,
            credited_minor=0,
            paid_minor=total,
        )
        for place, line in enumerate(lines, start=1):
            shipped = line.quantity if line.kind == "product" else 0
            self._add_item(order_id, place, line, cancelled=0, shipped=shipped, credit_id=None)

    def add_cancelled(self, lines: Sequence[tuple[HistoryLine, UUID]]) -> None:
        """Add an order that was cancelled as a whole, on which nothing is owed and nothing was paid.

        Args:
            lines: Lines of a cancellation, each with the id of its credit.
        """
        taken_back = [line for line, _ in lines]
        total, goods = (-sum(line.amount_minor for line in each) for each in (taken_back, _goods(taken_back)))
        order_id = self._add_order(
            taken_back,
            status="cancelled",
            payment_status="unpaid" if total else "paid",
            fulfilment_status="unfulfilled",
            goods_minor=goods,
            shipping_minor=total - goods,
            total_minor=total,
            credited_minor=total,
            paid_minor=0,
        )
        for place, (line, credit_id) in enumerate(lines, start=1):
            self._add_item(order_id, place, line, cancelled=-line.quantity, shipped=0, credit_id=credit_id)

    def write(self, session: Session) -> None:
        """Write all of it for the current store."""
        if not self.orders:
            return
        store = current_context().store
        orders = {"store_id": store.id, "orders": _encode(self.orders).decode()}
        items = {"store_id": store.id, "items": _encode(self.items).decode()}
        session.execute(INSERT_ORDERS, {**orders, "locale": store.locale, "currency": store.currency})
        session.execute(INSERT_ITEMS, items)
        session.execute(INSERT_PAYMENTS, {**orders, "actor_name": SYSTEM.name})
        session.execute(INSERT_EVENTS, {**orders, "actor_kind": SYSTEM.kind, "actor_name": SYSTEM.name})
        session.execute(INSERT_CREDITS, items)

    def _add_order(self, lines: Sequence[HistoryLine], **values: Any) -> UUID:
        first, at = lines[0], min(line.at for line in lines)
        names = ("name", "company", "line1", "line2", "postal_code", "city", "phone")
        order_id = new_id(datetime.fromisoformat(at))
        about = {
            "id": order_id,
            "event_id": new_id(),
            "payment_id": new_id(),
            "invoice": first.invoice,
            "address": {**dict.fromkeys(names, ""), "country": first.country} if first.country else None,
            "note": customer_note(first.customer),
            "at": at,
        }
        self.orders.append({**about, **values})
        return order_id

    def _add_item(self, order_id: UUID, position: int, line: HistoryLine, **values: Any) -> None:
        about = {
            "id": new_id(),
            "order_id": order_id,
            "position": position,
            "kind": line.kind,
            "sku": line.sku,
            "title": line.title,
            "quantity": abs(line.quantity),
            "price_minor": line.price_minor,
            "country": line.country or "ZZ",
            "at": line.at,
        }
        self.items.append({**about, **values})


def _goods(lines: Sequence[HistoryLine]) -> list[HistoryLine]:
    return [line for line in lines if line.kind == "product"]
