"""A shopper in front of a browser: what tests of the shop's pages type and press."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.testing import Market
from tests.modules.orders.checkouts import ADDRESS, add_delivery, add_variant

TYPED = {"email": "Lena@example.com", **ADDRESS}
_HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Browser:
    """A browser in a shop, by forms only."""

    client: TestClient
    shop: str

    def get(self, path: str) -> Any:
        return self.client.get(f"{self.shop}{path}")

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"{self.shop}{path}", data=fields)

    def put_in(self, variant_id: UUID, quantity: int = 1) -> Any:
        return self.post("/cart/lines", variant_id=str(variant_id), quantity=quantity)

    def check_out(self, method_id: UUID, **fields: Any) -> Any:
        return self.post("/checkout", **{**TYPED, "shipping_method_id": str(method_id), **fields})

    def review(self) -> dict[str, str]:
        """Return the hidden fields of the page that asks to order."""
        page = self.get("/checkout/review")
        assert page.status_code == 200, page.headers
        return hidden(page.text)

    def order(self, fields: dict[str, str], **more: Any) -> Any:
        return self.post("/checkout/review", **{**fields, "accept_terms": "1", **more})

    def path(self, answer: Any) -> str:
        """Return where an answer leads, inside the shop."""
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).removeprefix(self.shop)


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}


def browser(market: Market, client: TestClient | None = None, where: RequestContext | None = None) -> Browser:
    client = client or market.client()
    client.headers["Accept-Language"] = "en"
    return Browser(client, f"/shop/{(where or market.mine).store.code}")


def at_review(market: Market, quantity: int = 2) -> tuple[Browser, UUID]:
    """Return a guest with two mugs for 25.00 and delivery for 5.90 in front of the last page, and the mug."""
    guest, mug = browser(market), add_variant()
    guest.put_in(mug, quantity)
    assert guest.path(guest.check_out(add_delivery())) == "/checkout/review"
    return guest, mug


def bought(market: Market) -> tuple[Browser, str]:
    """Return a guest who has ordered two mugs, and the path of the order's page."""
    guest, _ = at_review(market)
    return guest, guest.path(guest.order(guest.review()))
