"""From an article on sale to a line to be priced, and from a priced line to an order's item."""

from orion_catalog.api import SaleItem
from orion_core.db import unmanaged
from orion_orders.models import Order, OrderItem
from orion_orders.services.pricing import PricedLine, Wanted


def wanted_of(item: SaleItem, quantity: int) -> Wanted:
    """Return pieces of an article as a line to be priced."""
    return Wanted(
        kind="product",
        variant_id=item.variant_id,
        sku=item.sku,
        title=item.title,
        options=item.options,
        image=item.image,
        quantity=quantity,
        price_minor=item.price_minor,
        tax_class=item.tax_class,
        tax_rate_bp=item.tax_rate_bp,
    )


def item_of(order: Order, position: int, line: PricedLine) -> OrderItem:
    """Return a priced line as a new item of an order: all of it as it is now, whatever the catalogue says later."""
    wanted, tax = line.wanted, line.tax
    return unmanaged(
        OrderItem,
        order_id=order.id,
        position=position,
        kind=wanted.kind,
        variant_id=wanted.variant_id,
        sku=wanted.sku,
        title=wanted.title,
        options=wanted.options,
        image=wanted.image,
        quantity=wanted.quantity,
        unit_price_minor=line.unit_price_minor,
        discount_minor=line.discount_minor,
        total_minor=line.total_minor,
        net_minor=line.net_minor,
        tax_reason=tax.reason,
        tax_category=tax.category,
        tax_rate_bp=tax.rate_bp,
        tax_country=tax.country,
        tax_note=tax.note,
    )
