"""Turns a cart into an order: once, for the total the buyer has seen, with all its stock or not at all."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.events import publish
from orion_core.ids import new_id
from orion_orders.exceptions import CartIncomplete, CartIsClosed, NotForSale, PromotionRefused, TotalChanged
from orion_orders.machines import CART
from orion_orders.models import Cart, Order
from orion_orders.services import stock
from orion_orders.services.items import item_of
from orion_orders.services.offers import use_promotion
from orion_orders.services.quotes import Quote, make_quote
from orion_orders.services.timeline import record
from orion_orders.services.transitions import confirm_if_due, placed_event

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for one another on the telephone."""

REFUSALS = {"lines": NotForSale, "promotion_code": PromotionRefused}


def place_order(session: Session, cart: Cart, *, expected_total_minor: int, accept_terms: bool) -> Order:
    """Order what is in a cart. A cart that was ordered already answers with its order.

    Args:
        session: A session of the store.
        cart: The buyer's cart; its row stays locked until the commit.
        expected_total_minor: The total that the buyer has seen.
        accept_terms: Whether the buyer accepts the store's terms.

    Raises:
        CartIncomplete: Something is missing; the errors name it.
        NotForSale: An article is not on sale any more.
        PromotionRefused: The code does not apply.
        TotalChanged: It would cost something else than the buyer has seen.
        OutOfStock: There is not enough left.
    """
    session.refresh(cart, with_for_update=True)
    if cart.status == "completed":
        return session.scalars(select(Order).where(Order.cart_id == cart.id)).one()
    if cart.status != "active":
        raise CartIsClosed
    quote = make_quote(session, cart)
    _refuse_incomplete(quote, accept_terms=accept_terms)
    if quote.basket.total_minor != expected_total_minor:
        raise TotalChanged(total_minor=quote.basket.total_minor)
    order = insert_order(session, cart, quote, channel="shop", status="pending")
    if quote.promotion:
        use_promotion(session, quote.promotion.id)
    demand = stock.summed((line.wanted.variant_id, line.wanted.quantity) for line in quote.basket.lines)
    stock.allocate(session, order.id, cart.id, demand)
    cart.status = CART.step(cart.status, "completed").target
    record(session, order, "placed", public=True, total_minor=order.total_minor, currency=order.currency)
    publish(session, placed_event(order))
    confirm_if_due(session, order)
    return order


def make_number(on: datetime) -> str:
    """Return a number for an order: the day, and six characters that tell nobody how many orders there are.

    Args:
        on: When the order is placed.
    """
    return f"{on:%y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


def _refuse_incomplete(quote: Quote, *, accept_terms: bool) -> None:
    problems = dict(quote.problems)
    if not accept_terms:
        problems["accept_terms"] = "accept the terms first"
    if not problems:
        return
    kind = REFUSALS.get(next(iter(problems)), CartIncomplete) if len(problems) == 1 and quote.lines else CartIncomplete
    raise kind("; ".join(problems.values()), errors=problems)


def insert_order(session: Session, cart: Cart, quote: Quote, *, channel: str, status: str) -> Order:
    """Write down a cart and its prices as an order, with nothing promised or published yet.

    Args:
        session: A session of the store.
        cart: What is ordered, by whom and whereto.
        quote: What it costs.
        channel: ``shop`` or ``staff``.
        status: ``pending`` or ``draft``.
    """
    now, basket = datetime.now(UTC), quote.basket
    order = Order(
        id=new_id(),
        number=make_number(now),
        cart_id=cart.id,
        customer_id=cart.customer_id,
        email=cart.email,
        channel=channel,
        status=status,
        locale=current_context().locale,
        currency=basket.currency,
        goods_minor=basket.goods_minor,
        discount_minor=basket.discount_minor,
        shipping_minor=basket.shipping_minor,
        net_minor=basket.net_minor,
        tax_minor=basket.tax_minor,
        rounding_minor=basket.rounding_minor,
        total_minor=basket.total_minor,
        shipping_address=cart.shipping_address,
        billing_address=cart.billing_address or cart.shipping_address,
        terms_version=quote.selling.config.terms_version,
        note=cart.note,
        placed_at=now if status == "pending" else None,
        **_as_it_was(quote),
    )
    session.add(order)
    session.flush()
    session.add_all(item_of(order, place, line) for place, line in enumerate(basket.lines, start=1))
    session.flush()
    return order


def _as_it_was(quote: Quote) -> dict[str, Any]:
    """Return the parts of an order that later changes of the store's offers must not touch."""
    method, number = quote.delivery.method if quote.delivery else None, quote.tax_number
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
