"""A store's team at work on one order, by the API."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from orion_core.testing import Market
from tests.modules.inventory.shelves import add_variant
from tests.modules.orders.checkouts import add_delivery, shopper


@dataclass
class Desk:
    """A member of the team, an order, and its product's line of four pieces at 12.50, delivered for 5.90."""

    client: TestClient
    store: str
    order_id: UUID
    variant_id: UUID
    item_id: str

    def get(self, path: str = "") -> Any:
        return self.client.get(f"{self.store}/orders/{self.order_id}{path}").json()

    def post(self, path: str, **given: Any) -> Any:
        return self.client.post(f"{self.store}/orders/{self.order_id}{path}", json=given)

    def parcel(self, pieces: int) -> str:
        answer = self.post("/fulfilments", pieces={self.item_id: pieces})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def move_parcel(self, parcel: str, target: str, **tracking: str) -> Any:
        return self.client.post(f"{self.store}/fulfilments/{parcel}/steps", json={"target": target, **tracking})

    def ship(self, pieces: int) -> str:
        parcel = self.parcel(pieces)
        assert self.move_parcel(parcel, "shipped", tracking_code="RR1LU").status_code == 200
        return parcel

    def move_return(self, return_id: str, target: str, **given: Any) -> Any:
        return self.client.post(f"{self.store}/returns/{return_id}/steps", json={"target": target, **given})

    def receive(self, return_id: str, pieces: int, condition: str = "resellable") -> Any:
        counted = {self.item_id: {"pieces": pieces, "condition": condition}}
        return self.move_return(return_id, "received", counted=counted)

    def item(self) -> dict[str, Any]:
        return dict(self.get()["items"][0])


def desk(market: Market, shelf: int = 10, role: str = "manager") -> Desk:
    """Place an order of four mugs of which ``shelf`` are in stock, and sit down at it."""
    guest, mug = shopper(market), add_variant("A-1", {"main": shelf})
    guest.client.headers["Accept-Language"] = "en"
    cart = guest.put_in(mug, 4)
    assert guest.check_out(add_delivery()).status_code == 200
    order = guest.order(cart["id"], guest.quote()["total_minor"]).json()
    store = f"/api/v1/stores/{market.mine.store.code}"
    return Desk(market.client(role), store, UUID(order["id"]), mug, order["items"][0]["id"])
