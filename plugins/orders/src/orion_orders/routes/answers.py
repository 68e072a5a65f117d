"""Carts, quotes and orders as the APIs show them."""

from collections.abc import Sequence

from fastapi import Response
from sqlalchemy.orm import Session

from orion_core.web import set_etag
from orion_orders.machines import ORDER
from orion_orders.models import Cart, Order, OrderItem
from orion_orders.schemas import (
    CartLineOut,
    CartOut,
    DeliveryOut,
    EventOut,
    ItemOut,
    OrderOut,
    PlacedOut,
    PricedLineOut,
    QuoteOut,
)
from orion_orders.services.carts import FilledLine, filled_lines
from orion_orders.services.offers import Delivery
from orion_orders.services.orders import items_of, timeline_of
from orion_orders.services.pricing import PricedLine
from orion_orders.services.quotes import Quote, is_on_sale


def cart_out(session: Session, cart: Cart, token: str | None = None) -> CartOut:
    """Return a cart with its lines.

    Args:
        session: The session it came from.
        cart: The cart.
        token: Its token, if it is new.
    """
    session.flush()
    answer = CartOut.model_validate(cart)
    answer.lines = [_cart_line(line, cart.currency) for line in filled_lines(session, cart)]
    answer.token = token
    return answer


def quote_out(cart: Cart, quote: Quote) -> QuoteOut:
    """Return what a cart costs."""
    basket = quote.basket
    return QuoteOut(
        cart_id=cart.id,
        currency=basket.currency,
        goods_minor=basket.goods_minor,
        discount_minor=basket.discount_minor,
        shipping_minor=basket.shipping_minor,
        net_minor=basket.net_minor,
        tax_minor=basket.tax_minor,
        rounding_minor=basket.rounding_minor,
        total_minor=basket.total_minor,
        promotion=quote.promotion.title if quote.promotion else None,
        terms_version=quote.selling.config.terms_version,
        lines=[_priced_line(line) for line in basket.lines],
        deliveries=[_delivery(each) for each in quote.deliveries],
        problems=quote.problems,
    )


def placed_out(order: Order, items: Sequence[OrderItem]) -> PlacedOut:
    """Return an order with its lines, as its buyer sees it."""
    answer = PlacedOut.model_validate(order)
    answer.items = [ItemOut.model_validate(item) for item in items]
    return answer


def order_out(session: Session, response: Response, order: Order) -> OrderOut:
    """Return an order with its lines and timeline, as the store's team sees it, and set its ETag."""
    set_etag(response, order.version)
    answer = OrderOut.model_validate(order)
    answer.items = [ItemOut.model_validate(item) for item in items_of(session, order)]
    answer.timeline = [EventOut.model_validate(event) for event in timeline_of(session, order)]
    answer.next_states = list(ORDER.next(order.status))  # type: ignore[arg-type]
    return answer


def _cart_line(line: FilledLine, currency: str) -> CartLineOut:
    item = line.item
    if item is None:
        return CartLineOut(variant_id=line.variant_id, quantity=line.quantity, is_on_sale=False)
    return CartLineOut(
        variant_id=line.variant_id,
        quantity=line.quantity,
        sku=item.sku,
        title=item.title,
        slug=item.slug,
        options=item.options,
        image=item.image,
        price_minor=item.price_minor,
        is_on_sale=is_on_sale(line, currency),
    )


def _priced_line(line: PricedLine) -> PricedLineOut:
    wanted, tax = line.wanted, line.tax
    return PricedLineOut(
        kind=wanted.kind,
        variant_id=wanted.variant_id,
        sku=wanted.sku,
        title=wanted.title,
        quantity=wanted.quantity,
        unit_price_minor=line.unit_price_minor,
        discount_minor=line.discount_minor,
        total_minor=line.total_minor,
        net_minor=line.net_minor,
        tax_rate_bp=tax.rate_bp,
        tax_country=tax.country,
        tax_reason=tax.reason,
    )


def _delivery(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.id,
        code=delivery.code,
        name=delivery.name,
        carrier=delivery.carrier,
        is_pickup=delivery.is_pickup,
        price_minor=delivery.price_minor,
    )
