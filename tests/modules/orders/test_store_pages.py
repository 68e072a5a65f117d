"""The team's pages of orders: every one opens in every language, every form works without a script."""

from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.models import Order
from orion_orders.services.orders import get_order
from tests.modules.orders.team import Desk, desk


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/stores/{store.store.code}"


def sent(client: TestClient, path: str, **form: Any) -> str:
    """Send a form that is not refused, and return where it leads."""
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def refusal(client: TestClient, path: str, **form: Any) -> str:
    """Send a form that leads back with a message, and return the page with it."""
    return str(client.get(sent(client, path, **form)).text)


def as_it_is(order_id: UUID) -> Order:
    with unit_of_work() as session:
        return get_order(session, order_id)


def returned(at: Desk, base: str, pieces: int = 2, kind: str = "return") -> str:
    """Ship two pieces, announce that some come back, and return the path of the return's page."""
    at.ship(2)
    form = {"item_id": at.item_id, "quantity": str(pieces), "kind": kind}
    return sent(at.client, f"{base}/orders/{at.order_id}/returns", **form)


@pytest.mark.parametrize("language", ["en", "fr", "de", "lb"])
def test_every_page_opens_in_every_language(market: Market, base: str, language: str) -> None:
    at = desk(market)
    order, client = f"{base}/orders/{at.order_id}", at.client
    back = returned(at, base)
    planned, sent_off = at.parcel(1), at.get("/fulfilments")[0]["id"]
    change = sent(client, f"{order}/edit", item_id=at.item_id, quantity="1")
    sent(client, f"{order}/notes", note="Rings at noon")
    sent(client, f"{order}/payments", amount="10", kind="payment")
    paths = [f"{base}/{page}" for page in ("", "orders", "orders?q=nothing", "orders/new", "fulfilment", "returns")]
    paths += [f"{base}/fulfilment/pick-list", f"{base}/fulfilment/pick-list?order_id={at.order_id}"]
    paths += [order, f"{order}/cancel", f"{order}/edit", back, change, f"{base}/parcels/{planned}/slip"]
    paths += [f"{base}/parcels/{planned}/give-up?target=cancelled", f"{base}/parcels/{sent_off}/give-up?target=lost"]
    for path in paths:
        answer = client.get(path, params={"lang": language} if "?" not in path else None)
        assert answer.status_code == 200, (path, answer.text)
    page = client.get(order, params={"lang": language}).text
    assert f'lang="{language}"' in page
    assert "Rings at noon" in page
