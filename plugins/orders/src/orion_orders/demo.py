"""Gives each demo store ways of delivery, a promotion, its particulars for invoices, and orders in every state."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from orion_catalog.api import find_variants, search_variants
from orion_core.context import Actor, current_context, use_context
from orion_core.services.settings import change_setting
from orion_customers.api import find_customer_by_email
from orion_orders.config import OrdersConfig
from orion_orders.exceptions import OutOfStock
from orion_orders.models import Order, Promotion, ShippingMethod
from orion_orders.schemas import AddedInput, DraftInput, PaymentInput, TrackingInput
from orion_orders.services.drafts import create_draft, place_draft
from orion_orders.services.fulfilments import create_fulfilment, move_fulfilment, plannable
from orion_orders.services.payments import record_payment
from orion_orders.services.returns import withdraw, withdrawable

POST = {"fr": "Livraison à domicile", "de": "Lieferung nach Hause", "lb": "Liwwerung heem"}
PICKUP = {"fr": "Retrait en magasin", "de": "Abholung im Laden", "lb": "Ofhuele am Buttek"}
SELLER = {
    "seller_legal_form": "S.à r.l.",
    "seller_street": "1, rue du Marché",
    "seller_postcode": "1728",
    "seller_city": "Luxembourg",
    "seller_vat_number": "LU12345613",
    "seller_register_number": "B123456",
    "seller_permit_number": "10012345/0",
}
BUYERS = (
    ("shopper", "Léa Weber", "12, rue de la Gare", "1611", "Luxembourg", "LU"),
    ("marc", "Marc Schmit", "3, Kiischpelter Strooss", "9678", "Nothum", "LU"),
    ("ines", "Inês Ferreira", "45, avenue de la Liberté", "4601", "Differdange", "LU"),
    ("jonas", "Jonas Becker", "Simeonstraße 8", "54290", "Trier", "DE"),
)
ORDERS = 12


def plant(session: Session, world: dict[str, Any]) -> None:
    for store in world["stores"]:
        context = replace(current_context(), tenant=store["tenant"], locale=store["locale"])
        with use_context(context):
            home = _plant_offers(session)
            for name, value in SELLER.items():
                change_setting(session, OrdersConfig, name, value, "store")
            with use_context(replace(context, actor=Actor(kind="user", name="Demo"))):
                _plant_orders(session, store["code"], home)


def _plant_offers(session: Session) -> UUID:
    home = ShippingMethod(
        code="home",
        name="Delivery to your door",
        names=POST,
        carrier="POST Luxembourg",
        price_minor=590,
        free_from_minor=7_500,
        countries=["LU", "BE", "DE", "FR"],
        position=1,
    )
    pickup = ShippingMethod(
        code="pickup", name="Collect in the shop", names=PICKUP, is_pickup=True, price_minor=0, position=2
    )
    code = Promotion(code="MOIEN10", title="Moien: 10 % off", kind="percentage", value=1_000, min_goods_minor=2_000)
    session.add_all([home, pickup, code])
    session.flush()
    return home.id


def _plant_orders(session: Session, store_code: str, home: UUID) -> None:
    """Place some orders over the last weeks, and bring them as far as chance has it."""
    chance = random.Random(store_code)  # noqa: S311 - the same demo every time is the point
    found = find_variants(session, search_variants(session, "", 400))
    wares = sorted((item for item in found.values() if item.is_sellable), key=lambda item: item.sku)
    for number in range(ORDERS if wares else 0):
        lines = [
            AddedInput(variant_id=item.variant_id, quantity=chance.choice((1, 1, 2)))
            for item in chance.sample(wares, min(len(wares), chance.choice((1, 2, 3))))
        ]
        try:
            with session.begin_nested():
                order = _place(session, store_code, home, lines, BUYERS[number % len(BUYERS)])
        except OutOfStock:
            continue
        order.placed_at = datetime.now(UTC) - timedelta(days=(ORDERS - number - 1) * 2, hours=chance.randint(1, 5))
        session.flush()
        _bring_on(session, order, number)


def _place(
    session: Session, store_code: str, home: UUID, lines: list[AddedInput], buyer: tuple[str, str, str, str, str, str]
) -> Order:
    user, name, line1, postal_code, city, country = buyer
    email = f"{user}@{store_code}.example"
    customer = find_customer_by_email(session, email)
    address = {"name": name, "line1": line1, "postal_code": postal_code, "city": city, "country": country}
    given = {"email": email, "shipping_address": address, "shipping_method_id": home, "lines": lines}
    customer_id = customer.id if customer else None
    return place_draft(session, create_draft(session, DraftInput.model_validate({**given, "customer_id": customer_id})))


def _bring_on(session: Session, order: Order, number: int) -> None:
    """Ship and pay the older ones; leave the newer ones to do."""
    if number >= ORDERS - 3:
        return
    record_payment(session, order, PaymentInput(amount_minor=max(1, order.due_minor)))
    parcel = create_fulfilment(session, order, plannable(session, order))
    if number >= ORDERS - 5:
        move_fulfilment(session, parcel, "picking")
        return
    tracking = TrackingInput(carrier="POST Luxembourg", tracking_code=f"RR{order.id.int % 10**9:09}LU")
    move_fulfilment(session, parcel, "shipped", tracking)
    if number % 3:
        move_fulfilment(session, parcel, "delivered")
    if number == 1:
        withdraw(session, order, dict(list(withdrawable(session, order).items())[:1]))
