"""Carts, quotes and orders as the shop's templates show them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from orion_core import i18n
from orion_core.context import current_context
from orion_core.money import Money
from orion_core.web import translate as _
from orion_orders.models import Cart, Order, OrderItem
from orion_orders.services import stock
from orion_orders.services.offers import Delivery
from orion_orders.services.quotes import Quote, is_on_sale, make_quote

Rows = list[tuple[str, Money]]


def cart_view(session: Session, cart: Cart) -> dict[str, Any]:
    """Return what the cart's page shows."""
    quote = make_quote(session, cart)
    lines = line_views(session, cart, quote)
    rows, total = summary(quote)
    if quote.delivery is None and quote.deliveries and quote.basket.lines:
        cheapest = Money(min(each.price_minor for each in quote.deliveries), cart.currency)
        rows, total = [*rows, (_("Delivery from"), cheapest)], total + cheapest
    fits = all(line["is_on_sale"] and line["left"] is None for line in lines)
    return {
        "lines": lines,
        "rows": rows,
        "total": total,
        "is_estimated": quote.delivery is None,
        "can_check_out": bool(lines) and fits,
        "code": cart.promotion_code or "",
        "has_code": bool(cart.promotion_code),
        "promotion": quote.promotion,
        "code_error": _(quote.problems.get("promotion_code", "")),
    }


def line_views(session: Session, cart: Cart, quote: Quote) -> list[dict[str, Any]]:
    """Return a cart's lines with what they cost; ``left`` says how many there are of what is short."""
    priced = {line.wanted.variant_id: line for line in quote.basket.lines}
    pieces = stock.available(session, [line.variant_id for line in quote.lines], cart.id)
    views = []
    for line in quote.lines:
        known, price = pieces.get(line.variant_id, line.quantity), priced.get(line.variant_id)
        views.append(
            {
                "variant_id": line.variant_id,
                "quantity": line.quantity,
                "item": line.item,
                "is_on_sale": is_on_sale(line, cart.currency),
                "left": known if known < line.quantity else None,
                "unit": Money(price.unit_price_minor, cart.currency) if price else None,
                "total": Money(price.unit_price_minor * line.quantity, cart.currency) if price else None,
            }
        )
    return views


def summary(quote: Quote) -> tuple[Rows, Money]:
    """Return the rows above the total, and the total."""
    basket, currency = quote.basket, quote.basket.currency
    rows = [(_("Goods"), Money(basket.goods_minor, currency))]
    if quote.delivery:
        rows.append((quote.delivery.name, Money(basket.shipping_minor, currency)))
    if basket.discount_minor:
        title = quote.promotion.title if quote.promotion else _("Reduction")
        rows.append((title, Money(-basket.discount_minor, currency)))
    return rows, Money(basket.total_minor, currency)


def order_summary(order: Order) -> tuple[Rows, Money]:
    """Return the rows above a placed order's total, and the total."""
    rows = [(_("Goods"), Money(order.goods_minor, order.currency))]
    if order.shipping:
        name = order.shipping.get("name") or _("Delivery")
        rows.append((name, Money(order.shipping_minor, order.currency)))
    if order.discount_minor:
        title = order.promotion["title"] if order.promotion else _("Reduction")
        rows.append((title, Money(-order.discount_minor, order.currency)))
    return rows, Money(order.total_minor, order.currency)


def quote_taxes(quote: Quote) -> list[tuple[float, Money]]:
    """Return the tax that is in the total, by rate in percent."""
    lines = quote.basket.lines
    return _taxes(((each.tax.rate_bp, each.total_minor - each.net_minor) for each in lines), quote.basket.currency)


def order_taxes(order: Order, items: list[OrderItem]) -> list[tuple[float, Money]]:
    """Return the tax that is in a placed order's total, by rate in percent."""
    return _taxes(((each.tax_rate_bp, each.total_minor - each.net_minor) for each in items), order.currency)


def short_view(session: Session, cart: Cart, quote: Quote) -> list[tuple[str, int]]:
    """Return the titles of what is short, with how many there are."""
    lines = line_views(session, cart, quote)
    return [(line["item"].title, line["left"]) for line in lines if line["left"] is not None and line["item"]]


def countries(deliveries: list[Delivery], chosen: Iterable[str], home: str) -> list[tuple[str, str]]:
    """Return the countries that are delivered to, as code and name in the reader's language.

    Args:
        deliveries: All ways of delivery; those to collect in the shop do not count.
        chosen: Countries that stay on offer whatever the ways say.
        home: The seller's country.
    """
    names = dict(i18n.countries(current_context().locale))
    ways = [each.countries for each in deliveries if not each.is_pickup]
    offered = {code for codes in ways for code in codes} if all(ways) else set()
    wanted = {*(offered | {home} if offered else names), *chosen}
    strange = [(code, code) for code in wanted if code and code not in names]
    return [(code, name) for code, name in names.items() if code in wanted] + strange


def _taxes(amounts: Iterable[tuple[int, int]], currency: str) -> list[tuple[float, Money]]:
    sums: dict[int, int] = {}
    for rate_bp, tax_minor in amounts:
        sums[rate_bp] = sums.get(rate_bp, 0) + tax_minor
    return [(rate_bp / 100, Money(tax_minor, currency)) for rate_bp, tax_minor in sorted(sums.items(), reverse=True)]
