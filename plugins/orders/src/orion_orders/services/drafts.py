"""Orders that staff take down: drafts, placed when all is said."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.api import get_variant
from orion_core.context import current_context
from orion_core.db import insert_all
from orion_customers.api import get_customer, parse_tax_number
from orion_orders.exceptions import CartIncomplete, RecordNotFound
from orion_orders.machines import CART
from orion_orders.models import Cart, CartLine, Order, ShippingMethod
from orion_orders.schemas import DraftInput
from orion_orders.services.orders import get_order
from orion_orders.services.placement import order_of
from orion_orders.services.quotes import make_quote
from orion_orders.services.timeline import event_of
from orion_orders.services.transitions import confirm_if_due, move_order


def create_draft(session: Session, given: DraftInput) -> Order:
    """Write down a draft with today's prices. It holds no stock and has cost nobody anything yet.

    Args:
        session: A session of the store.
        given: Who orders what, and whereto.

    Raises:
        CustomerNotFound: There is no such customer.
        VariantNotFound: There is no such article.
        RecordNotFound: There is no such way of delivery.
        InvalidTaxNumber: Form or check digit of the number is wrong.
        CartIncomplete: Something is missing or not on sale; the errors name it.
    """
    cart = _as_cart(session, given)
    quote = make_quote(session, cart)
    if quote.problems:
        raise CartIncomplete("; ".join(quote.problems.values()), errors=quote.problems)
    cart.status = CART.step(cart.status, "completed").target
    cart.customer_id = given.customer_id
    session.flush()
    order, items = order_of(cart, quote, channel="staff", status="draft")
    drafted = event_of(order, "drafted", total_minor=order.total_minor, currency=order.currency)
    insert_all(session, [order, *items, drafted])
    return get_order(session, order.id)


def place_draft(session: Session, order: Order) -> Order:
    """Place a draft: its stock is promised, or nothing happens.

    Raises:
        IllegalTransition: It is no draft any more.
        OutOfStock: There is not enough left.
    """
    move_order(session, order, "pending")
    confirm_if_due(session, order)
    return order


def _as_cart(session: Session, given: DraftInput) -> Cart:
    """Return what was taken down as a cart, which is what prices are worked out for."""
    if given.customer_id is not None:
        get_customer(session, given.customer_id)
    if session.scalar(select(ShippingMethod.id).where(ShippingMethod.id == given.shipping_method_id)) is None:
        raise RecordNotFound("there is no such way of delivery")
    cart = Cart(
        currency=current_context().store.currency,
        email=given.email,
        shipping_address=given.shipping_address.model_dump(),
        billing_address=given.billing_address.model_dump() if given.billing_address else None,
        shipping_method_id=given.shipping_method_id,
        tax_number=parse_tax_number(given.tax_number).value if given.tax_number else None,
        promotion_code=given.promotion_code.upper() or None,
        note=given.note,
    )
    session.add(cart)
    session.flush()
    pieces: dict[object, int] = {}
    for line in given.lines:
        variant = get_variant(session, line.variant_id)
        pieces[variant.variant_id] = pieces.get(variant.variant_id, 0) + line.quantity
    session.add_all(
        CartLine(cart_id=cart.id, variant_id=variant_id, quantity=number, position=place)
        for place, (variant_id, number) in enumerate(pieces.items(), start=1)
    )
    session.flush()
    return cart
