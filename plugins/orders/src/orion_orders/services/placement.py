"""Turns a cart into an order: once, for the total the buyer has seen, with all its stock or not at all."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.db import Prepared, insert_all, unmanaged
from orion_core.events import Event, rows_of
from orion_core.ids import new_id
from orion_orders.exceptions import (
    CartIncomplete,
    CartIsClosed,
    NotForSale,
    PromotionRefused,
    TotalChanged,
)
from orion_orders.machines import CART, ORDER
from orion_orders.models import Cart, Order, OrderItem
from orion_orders.services import stock
from orion_orders.services.checkout import LockedCart
from orion_orders.services.items import item_of
from orion_orders.services.offers import use_promotion
from orion_orders.services.orders import items_of
from orion_orders.services.quotes import Quote, make_quote
from orion_orders.services.timeline import event_of
from orion_orders.services.transitions import confirmed_event, placed_event, waits_for_money

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for one another on the telephone."""

REFUSALS = {"lines": NotForSale, "promotion_code": PromotionRefused}


_COMPLETE = Prepared(
    text("UPDATE orders.carts SET status = :status, updated_at = now() WHERE store_id = :store_id AND id = :id")
)


def place_order(
    session: Session, cart: LockedCart, *, expected_total_minor: int, accept_terms: bool
) -> tuple[Order, list[OrderItem]]:
    """Order what is in a cart. A cart that was ordered already answers with its order.

    An order that need not be paid first is confirmed at once: both steps are written down and published.

    Args:
        session: A session of the store.
        cart: The buyer's cart.
        expected_total_minor: The total that the buyer has seen.
        accept_terms: Whether the buyer accepts the store's terms.

    Returns:
        The order and its lines, to be read; no session manages them.

    Raises:
        CartIncomplete: Something is missing; the errors name it.
        NotForSale: An article is not on sale any more.
        PromotionRefused: The code does not apply.
        TotalChanged: It would cost something else than the buyer has seen.
        OutOfStock: There is not enough left.
    """
    if cart.status == "completed":
        order = session.scalars(select(Order).where(Order.cart_id == cart.id)).one()
        return order, items_of(session, order)
    if cart.status != "active":
        raise CartIsClosed
    quote = make_quote(session, cart)
    _refuse_incomplete(quote, accept_terms=accept_terms)
    if quote.basket.total_minor != expected_total_minor:
        raise TotalChanged(total_minor=quote.basket.total_minor)
    waits = waits_for_money(quote.basket.total_minor, quote.selling.config)
    status = "pending" if waits else ORDER.step("pending", "confirmed").target
    order, items = order_of(cart, quote, channel="shop", status=status)
    if quote.promotion:
        use_promotion(session, quote.promotion.id)
    demand = stock.summed((line.wanted.variant_id, line.wanted.quantity) for line in quote.basket.lines)
    stock.allocate(session, order.id, cart.id, demand)
    completed = CART.step(cart.status, "completed").target
    _COMPLETE.run(session, {"status": completed, "store_id": cart.store_id, "id": cart.id})
    told: list[Event] = [placed_event(order)]
    timeline = [event_of(order, "placed", public=True, total_minor=order.total_minor, currency=order.currency)]
    if not waits:
        step = {"source": "pending", "target": status, "reason": None}
        timeline.append(event_of(order, "status", public=True, actor=SYSTEM, **step))
        told.append(confirmed_event(order))
    insert_all(session, [order, *items, *timeline, *rows_of(*told)])
    return order, items


def make_number(on: datetime) -> str:
    """Return a number for an order: the day, and eight characters that tell nobody how many orders there are.

    Eight, because nobody looks whether a number is taken: two of 10,000 orders of one store on one day have the same
    once in 17,000 days (with six it would be once in 18).

    Args:
        on: When the order is placed.
    """
    return f"{on:%y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"


def _refuse_incomplete(quote: Quote, *, accept_terms: bool) -> None:
    problems = dict(quote.problems)
    if not accept_terms:
        problems["accept_terms"] = "accept the terms first"
    if not problems:
        return
    kind = REFUSALS.get(next(iter(problems)), CartIncomplete) if len(problems) == 1 and quote.lines else CartIncomplete
    raise kind("; ".join(problems.values()), errors=problems)


def order_of(cart: Cart, quote: Quote, *, channel: str, status: str) -> tuple[Order, list[OrderItem]]:
    """Return a cart and its prices as a new order and its lines, with nothing written, promised or published yet.

    Args:
        cart: What is ordered, by whom and whereto.
        quote: What it costs.
        channel: ``shop`` or ``staff``.
        status: ``draft``, ``pending`` or, if that follows at once, ``confirmed``.
    """
    now, basket = datetime.now(UTC), quote.basket
    order = unmanaged(
        Order,
        id=new_id(),
        number=make_number(now),
        cart_id=cart.id,
        customer_id=cart.customer_id,
        email=cart.email,
        channel=channel,
        status=status,
        payment_status="unpaid" if basket.total_minor else "paid",
        fulfilment_status="unfulfilled",
        locale=current_context().locale,
        currency=basket.currency,
        goods_minor=basket.goods_minor,
        discount_minor=basket.discount_minor,
        shipping_minor=basket.shipping_minor,
        net_minor=basket.net_minor,
        tax_minor=basket.tax_minor,
        rounding_minor=basket.rounding_minor,
        total_minor=basket.total_minor,
        credited_minor=0,
        paid_minor=0,
        refunded_minor=0,
        shipping_address=cart.shipping_address,
        billing_address=cart.billing_address or cart.shipping_address,
        terms_version=quote.selling.config.terms_version,
        note=cart.note,
        placed_at=None if status == "draft" else now,
        confirmed_at=now if status == "confirmed" else None,
        **_as_it_was(quote),
    )
    return order, [item_of(order, place, line) for place, line in enumerate(basket.lines, start=1)]


def _as_it_was(quote: Quote) -> dict[str, Any]:
    """Return the parts of an order that later changes of the store's offers must not touch."""
    method, number = quote.delivery, quote.tax_number
    shipping = (
        {"code": method.code, "name": method.name, "carrier": method.carrier, "is_pickup": method.is_pickup}
        if method
        else {}
    )
    known = quote.promotion
    return {
        "shipping": shipping,
        "promotion": {"id": str(known.id), "code": known.code, "title": known.title} if known else None,
        "tax_number": number.value if number else None,
        "tax_number_status": number.status if number else None,
    }
