"""What tests of orders start from: an article, a way of delivery, and a cart that is ready to be ordered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from starlette.testclient import TestClient

from orion_catalog.models import Variant
from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.models import Promotion, ShippingMethod
from orion_orders.services.orders import get_order
from orion_orders.services.transitions import move_order
from tests.modules.catalog.market import add_product

HERE = UUID("7f0b4a52-93c0-4c7e-8a53-0d0e4c2f6a10")
ADDRESS = {
    "name": "Lena Weber",
    "line1": "12, rue du Fossé",
    "postal_code": "1536",
    "city": "Luxembourg",
    "country": "LU",
}


def add_variant(sku: str = "A-1", **values: Any) -> UUID:
    """Put an article of 12.50 on sale and return its id."""
    add_product(sku, **values)
    with unit_of_work() as session:
        return session.scalars(select(Variant.id).where(Variant.sku == sku)).one()


def add_delivery(code: str = "home", **values: Any) -> UUID:
    with unit_of_work() as session:
        method = ShippingMethod(id=uuid5(HERE, code), code=code, name=code.title(), **{"price_minor": 590, **values})
        session.add(method)
    return method.id


def add_promotion(code: str | None = "MOIEN", **values: Any) -> UUID:
    with unit_of_work() as session:
        given = {"title": "Moien", "kind": "percentage", "value": 1_000, **values}
        promotion = Promotion(id=uuid5(HERE, str(code)), code=code, **given)
        session.add(promotion)
    return promotion.id


@dataclass
class Shopper:
    """A guest in a shop, with the cart's token in a header."""

    client: TestClient
    shop: str

    def put_in(self, variant_id: UUID, quantity: int = 1) -> dict[str, Any]:
        line = {"variant_id": str(variant_id), "quantity": quantity}
        answer = self.client.post(f"{self.shop}/cart/lines", json=line)
        assert answer.status_code == 201, answer.text
        if token := answer.json()["token"]:
            self.client.headers["X-Cart-Token"] = token
        return dict(answer.json())

    def check_out(self, method_id: UUID, **values: Any) -> Any:
        given = {
            "email": "lena@example.com",
            "shipping_address": ADDRESS,
            "shipping_method_id": str(method_id),
            **values,
        }
        return self.client.put(f"{self.shop}/cart/checkout", json=given)

    def quote(self) -> dict[str, Any]:
        return dict(self.client.get(f"{self.shop}/cart/quote").json())

    def order(self, cart_id: str, total: int, key: str = "key-1", *, accept_terms: bool = True) -> Any:
        given = {"cart_id": cart_id, "expected_total_minor": total, "accept_terms": accept_terms}
        return self.client.post(f"{self.shop}/orders", json=given, headers={"Idempotency-Key": key})


def shopper(market: Market, where: RequestContext | None = None) -> Shopper:
    return Shopper(market.client(), f"/api/v1/shop/{(where or market.mine).store.code}")


def ready(market: Market, quantity: int = 2, **values: Any) -> tuple[Shopper, str, int]:
    """Return a guest whose cart holds two mugs for 25.00 and lacks nothing, the cart's id, and its total."""
    guest = shopper(market)
    cart = guest.put_in(add_variant(), quantity)
    answer = guest.check_out(add_delivery(), **values)
    assert answer.status_code == 200, answer.text
    return guest, cart["id"], guest.quote()["total_minor"]


def placed(market: Market, **values: Any) -> UUID:
    """Place an order of two mugs and return its id."""
    guest, cart_id, total = ready(market, **values)
    answer = guest.order(cart_id, total)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


def move(market: Market, order_id: UUID, target: str, reason: str | None = None) -> None:
    """Bring an order into a state, as the system."""
    with use_context(market.mine), unit_of_work() as session:
        move_order(session, get_order(session, order_id), target, reason)
