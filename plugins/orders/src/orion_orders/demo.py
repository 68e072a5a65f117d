"""Gives each demo store two ways of delivery and a promotion."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from orion_core.context import current_context, use_context
from orion_orders.models import Promotion, ShippingMethod

POST = {"fr": "Livraison à domicile", "de": "Lieferung nach Hause", "lb": "Liwwerung heem"}
PICKUP = {"fr": "Retrait en magasin", "de": "Abholung im Laden", "lb": "Ofhuele am Buttek"}


def plant(session: Session, world: dict[str, Any]) -> None:
    for store in world["stores"]:
        with use_context(replace(current_context(), tenant=store["tenant"])):
            session.add_all(_offers())
            session.flush()


def _offers() -> list[Any]:
    return [
        ShippingMethod(
            code="home",
            name="Delivery to your door",
            names=POST,
            carrier="POST Luxembourg",
            price_minor=590,
            free_from_minor=7_500,
            countries=["LU", "BE", "DE", "FR"],
            position=1,
        ),
        ShippingMethod(
            code="pickup", name="Collect in the shop", names=PICKUP, is_pickup=True, price_minor=0, position=2
        ),
        Promotion(code="MOIEN10", title="Moien: 10 % off", kind="percentage", value=1_000, min_goods_minor=2_000),
    ]
