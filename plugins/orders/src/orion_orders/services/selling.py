"""Who sells and who buys, as the tax decision sees them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.services.settings import get_settings
from orion_core.tax import Buyer, Seller
from orion_customers.api import TaxNumberRef, find_customer
from orion_orders.config import OrdersConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Selling:
    """How the current store sells."""

    config: OrdersConfig
    seller: Seller


def selling(session: Session) -> Selling:
    """Return how the current store sells."""
    config = get_settings(session, OrdersConfig)
    seller = Seller(
        config.seller_country,
        vat_number=config.seller_vat_number or None,
        oss=config.seller_oss,
        small_business=config.seller_small_business,
    )
    return Selling(config=config, seller=seller)


def buyer_of(address: dict[str, Any] | None, number: TaxNumberRef | None, seller: Seller) -> Buyer:
    """Return the buyer for the tax decision; before there is an address, one at home.

    Args:
        address: Where the goods go.
        number: The buyer's VAT number, if given. Only one that was found valid counts.
        seller: Who sells.
    """
    country = address["country"] if address else seller.country
    if number is None:
        return Buyer(country)
    return Buyer(country, vat_number=number.value, vat_number_valid=number.status == "valid")


def own_tax_number(session: Session) -> TaxNumberRef | None:
    """Return the VAT number of the customer who is signed in, if there is one."""
    actor = current_context().actor
    if actor is None or actor.kind != "customer" or actor.id is None:
        return None
    customer = find_customer(session, actor.id)
    return customer.tax_number if customer else None
