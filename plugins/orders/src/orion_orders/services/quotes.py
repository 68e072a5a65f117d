"""What a cart costs today: its lines, the delivery, the promotion and the tax, and what is still missing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from orion_customers.api import TaxNumberRef, parse_tax_number
from orion_orders.exceptions import PromotionRefused
from orion_orders.models import Cart
from orion_orders.services.carts import FilledLine, filled_lines
from orion_orders.services.items import wanted_of
from orion_orders.services.offers import Delivery, KnownPromotion, as_wanted, find_promotion, list_deliveries, reduction
from orion_orders.services.pricing import Basket, Wanted, price
from orion_orders.services.selling import Selling, buyer_of, own_tax_number, selling


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A cart with today's prices.

    Args:
        selling: How the store sells.
        lines: What is in the cart, on sale or not.
        basket: What those cost that are on sale, with the delivery.
        deliveries: The ways of delivery to choose from.
        delivery: The one that was chosen.
        promotion: What is taken off, if anything.
        tax_number: The buyer's VAT number, if given.
        problems: What stands between this cart and an order, by field.
    """

    selling: Selling
    lines: list[FilledLine]
    basket: Basket
    deliveries: list[Delivery]
    delivery: Delivery | None
    promotion: KnownPromotion | None
    tax_number: TaxNumberRef | None
    problems: dict[str, str]


def make_quote(session: Session, cart: Cart) -> Quote:
    """Price a cart as of now.

    Args:
        session: A session of the store.
        cart: The cart.
    """
    how, lines = selling(session), filled_lines(session, cart)
    goods = [_as_wanted(line, cart.currency) for line in lines]
    wanted = [each for each in goods if each is not None]
    worth = sum(each.price_minor * each.quantity for each in wanted)
    country = cart.shipping_address["country"] if cart.shipping_address else None
    deliveries = list_deliveries(session, country, worth)
    delivery = next((each for each in deliveries if each.id == cart.shipping_method_id), None)
    promotion, refusal = _promotion(session, cart, worth)
    number = _tax_number(session, cart)
    basket = price(
        [*wanted, *([as_wanted(delivery)] if delivery else [])],
        currency=cart.currency,
        seller=how.seller,
        buyer=buyer_of(cart.shipping_address, number, how.seller),
        on=datetime.now(UTC).date(),
        reduction=reduction(promotion),
    )
    problems = _missing(cart, delivery) | refusal
    if not lines:
        problems["lines"] = "the cart is empty"
    elif None in goods:
        problems["lines"] = "the cart holds an article that is not on sale any more; take it out"
    return Quote(
        selling=how,
        lines=lines,
        basket=basket,
        deliveries=deliveries,
        delivery=delivery,
        promotion=promotion,
        tax_number=number,
        problems=problems,
    )


def is_on_sale(line: FilledLine, currency: str) -> bool:
    """Tell whether a line can be bought today.

    Args:
        line: A line of a cart.
        currency: The cart's.
    """
    return line.item is not None and line.item.is_sellable and line.item.currency == currency


def _as_wanted(line: FilledLine, currency: str) -> Wanted | None:
    if line.item is None or not is_on_sale(line, currency):
        return None
    return wanted_of(line.item, line.quantity)


def _promotion(session: Session, cart: Cart, worth: int) -> tuple[KnownPromotion | None, dict[str, str]]:
    try:
        return find_promotion(session, cart.promotion_code, worth, cart.customer_id), {}
    except PromotionRefused as refused:
        return None, {"promotion_code": refused.detail}


def _tax_number(session: Session, cart: Cart) -> TaxNumberRef | None:
    own = own_tax_number(session)
    if cart.tax_number is None or (own is not None and own.value == cart.tax_number):
        return own
    return parse_tax_number(cart.tax_number)


def _missing(cart: Cart, delivery: Delivery | None) -> dict[str, str]:
    wanted = {
        "email": (cart.email, "say where the confirmation shall be sent"),
        "shipping_address": (cart.shipping_address, "say where the order shall be delivered"),
        "shipping_method_id": (delivery, "choose how the order shall reach you"),
    }
    return {field: message for field, (value, message) in wanted.items() if not value}
