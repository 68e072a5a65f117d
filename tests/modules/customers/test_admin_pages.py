"""Admins find customers of all stores; nobody else finds anybody beyond their own."""

from collections.abc import Callable

import pytest
from markupsafe import escape
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_customers.models import Customer

Register = Callable[..., TestClient]
LEA, SEARCH = "lea@example.org", "/admin/customers"


@pytest.fixture
def both(market: Market, shop: str, registered: Register) -> tuple[RequestContext, RequestContext]:
    """Two stores in which the same person has an account each."""
    registered(LEA, shop)
    registered(LEA, f"/shop/{market.other.store.code}")
    return market.mine, market.other


def page_of(context: RequestContext) -> str:
    """Return the address of the store's page of the person."""
    with use_context(context), unit_of_work() as session:
        found = session.scalars(select(Customer).where(Customer.email == LEA)).one()
        return f"/stores/{context.store.code}/customers/{found.id}"


@pytest.mark.parametrize("words", ["LEA@example.org", "c00001", "léa"])
def test_admin_finds_a_person_in_every_store(
    market: Market, both: tuple[RequestContext, RequestContext], words: str
) -> None:
    admin = market.client("admin")
    answer = admin.get(SEARCH, params={"q": words})
    for context in both:
        assert context.tenant is not None
        assert context.tenant.merchant is not None
        assert f'href="{page_of(context)}"' in answer.text
        assert escape(context.store.name) in answer.text
        assert escape(context.tenant.merchant.name) in answer.text
        assert admin.get(page_of(context)).status_code == 200


@pytest.mark.parametrize("words", ["", "lea", "example.org", "lea@example", "%", "\0"])
def test_parts_of_an_address_find_nobody(
    market: Market, both: tuple[RequestContext, RequestContext], words: str
) -> None:
    answer = market.client("admin").get(SEARCH, params={"q": words})
    assert answer.status_code == 200
    assert LEA not in answer.text


def test_finds_are_narrowed_and_paged(market: Market, both: tuple[RequestContext, RequestContext]) -> None:
    admin = market.client("admin")
    mine, other = (page_of(context) for context in both)
    market.client("owner").post(f"{mine}/block")
    blocked = admin.get(SEARCH, params={"q": LEA, "state": "blocked"}).text
    assert (mine in blocked, other in blocked) == (True, False)
    first = admin.get(SEARCH, params={"q": LEA, "limit": 1}).text
    assert (mine in first, other in first) == (False, True)
    assert 'rel="next"' in first


@pytest.mark.parametrize("role", ["owner", "staff", "other_owner", None])
def test_only_admins_search_in_all_stores(
    market: Market, both: tuple[RequestContext, RequestContext], role: str | None
) -> None:
    client = market.client(role) if role else market.client()
    answer = client.get(SEARCH, params={"q": LEA})
    assert answer.status_code in (303, 401, 403)
    assert LEA not in answer.text


def test_an_erased_persons_stand_in_address_is_not_shown(market: Market, shop: str, registered: Register) -> None:
    registered(LEA, shop)
    path = page_of(market.mine)
    owner, admin = market.client("owner"), market.client("admin")
    assert owner.post(f"{path}/erase").status_code == 303
    assert path not in admin.get(SEARCH, params={"q": LEA}).text
    found = admin.get(SEARCH, params={"q": "C00001"}).text
    assert path in found
    for page in (found, owner.get(path).text, owner.get(f"/stores/{market.mine.store.code}/customers").text):
        assert "erased.invalid" not in page
