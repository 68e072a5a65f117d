"""Promotions and ways of delivery by the API: what the pages can, with versions, and each store its own."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.testing import Market
from orion_orders.offer_schemas import MethodInput
from orion_orders.services.offer_desk import save_method
from orion_orders.services.offers import use_promotion
from tests.modules.orders.checkouts import add_delivery, add_promotion, ready

PROMOTION = {"title": "Moien", "code": "moien", "kind": "percentage", "value": 1_250}
METHOD = {"name": "To your door", "code": "door", "price_minor": 590}
OFFERS = [("promotions", PROMOTION, add_promotion), ("shipping-methods", METHOD, add_delivery)]
BOTH = pytest.mark.parametrize(("path", "body", "add"), OFFERS, ids=[path for path, *_ in OFFERS])
Add = Callable[..., Any]


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/api/v1/stores/{store.store.code}"


@BOTH
def test_an_offer_is_made_read_and_changed(
    market: Market, base: str, path: str, body: dict[str, Any], add: Add
) -> None:
    team = market.client("marketing")
    made = team.post(f"{base}/{path}", json=body)
    assert (made.status_code, made.json()["is_active"]) == (201, True), made.text
    one = f"{base}/{path}/{made.json()['id']}"
    read = team.get(one)
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    changed = team.put(one, json={**body, "is_active": False}, headers={"If-Match": read.headers["etag"]})
    assert (changed.status_code, changed.json()["is_active"]) == (200, False)
    assert changed.headers["etag"] != read.headers["etag"]
    late = team.put(one, json=body, headers={"If-Match": read.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert team.get(one).json()["is_active"] is False


@BOTH
def test_pages_hold_each_offer_once(market: Market, base: str, path: str, body: dict[str, Any], add: Add) -> None:
    for code in ("A", "B", "C"):
        assert market.client("marketing").post(f"{base}/{path}", json={**body, "code": code.lower()}).status_code == 201
    team = market.client("viewer")
    first = team.get(f"{base}/{path}", params={"limit": 2}).json()
    rest = team.get(f"{base}/{path}", params={"cursor": first["next_cursor"]}).json()
    assert [row["code"].upper() for row in first["items"] + rest["items"]] == ["C", "B", "A"]
    assert rest["next_cursor"] is None
    assert team.get(f"{base}/{path}", params={"cursor": "WzFd"}).status_code == 422


@BOTH
def test_a_code_is_taken_once(market: Market, base: str, path: str, body: dict[str, Any], add: Add) -> None:
    team = market.client("marketing")
    team.post(f"{base}/{path}", json=body)
    again = team.post(f"{base}/{path}", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "offer_code_taken")
    assert again.json()["errors"] == {"code": "Another one has this code"}
    assert len(team.get(f"{base}/{path}").json()["items"]) == 1


def test_only_a_taken_code_is_called_taken(store: RequestContext) -> None:
    refused = MethodInput.model_validate(METHOD).model_copy(update={"price_minor": -1})
    with pytest.raises(IntegrityError, match="ck_shipping_methods"), unit_of_work() as session:
        save_method(session, refused)


@BOTH
def test_offers_are_read_by_the_team_and_changed_by_those_who_may(
    market: Market, base: str, path: str, body: dict[str, Any], add: Add
) -> None:
    one = f"{base}/{path}/{add()}"
    support, nobody = market.client("support"), market.client()
    assert (support.get(f"{base}/{path}").status_code, support.get(one).status_code) == (200, 200)
    tries = [support.post(f"{base}/{path}", json=body), support.put(one, json=body)]
    assert {answer.status_code for answer in tries} == {403}
    closed = [nobody.get(f"{base}/{path}"), nobody.get(one), nobody.post(f"{base}/{path}", json=body)]
    assert {answer.status_code for answer in closed} == {401}


@BOTH
def test_the_other_store_has_its_own(market: Market, base: str, path: str, body: dict[str, Any], add: Add) -> None:
    offer, strangers = add(), market.client("other_owner")
    there = f"/api/v1/stores/{market.other.store.code}/{path}"
    assert strangers.get(there).json()["items"] == []
    tries = [strangers.get(f"{there}/{offer}"), strangers.put(f"{there}/{offer}", json=body)]
    assert {(answer.status_code, answer.json()["code"]) for answer in tries} == {(404, "record_not_found")}
    assert strangers.get(f"{base}/{path}").status_code in {403, 404}
    assert strangers.post(there, json=body).status_code == 201, "its codes are its own, too"


def test_a_promotion_works_until_it_is_made_inactive(market: Market, base: str) -> None:
    team = market.client("marketing")
    made = team.post(f"{base}/promotions", json=PROMOTION).json()
    assert (made["code"], made["times_used"], made["usage_limit"]) == ("MOIEN", 0, None)
    guest, _cart, total = ready(market, promotion_code="moien")
    assert total == 3_090 - 313
    team.put(f"{base}/promotions/{made['id']}", json={**PROMOTION, "is_active": False})
    assert "promotion_code" in guest.quote()["problems"]


NO_PROMOTION: list[tuple[dict[str, Any], str]] = [
    ({"value": 0}, "value"),
    ({"value": 10_001}, "value"),
    ({"value": -1}, "value"),
    ({"value": 2**31}, "value"),
    ({"kind": "amount", "value": 0}, "value"),
    ({"kind": "free_shipping"}, "value"),
    ({"kind": "gift"}, "kind"),
    ({"title": " "}, "title"),
    ({"title": None}, "title"),
    ({"code": "zwei Wörter"}, "code"),
    ({"code": ""}, "code"),
    ({"min_goods_minor": -1}, "min_goods_minor"),
    ({"starts_at": "2026-11-02T00:00:00"}, "starts_at"),
    ({"starts_at": "2026-11-02T00:00:00Z", "ends_at": "2026-11-02T01:00:00+01:00"}, "ends_at"),
    ({"usage_limit": 0}, "usage_limit"),
    ({"usage_limit": 1_000_001}, "usage_limit"),
]


def test_a_refused_promotion_names_the_field(market: Market, base: str) -> None:
    promotion, team = add_promotion(), market.client("marketing")
    with unit_of_work() as session:
        use_promotion(session, promotion)
    before = team.get(f"{base}/promotions/{promotion}").json()
    for changed, field in NO_PROMOTION:
        answer = team.put(f"{base}/promotions/{promotion}", json={**PROMOTION, **changed})
        assert (answer.status_code, field in answer.text) == (422, True), (changed, answer.text)
    assert team.get(f"{base}/promotions/{promotion}").json() == before


NO_METHOD: list[tuple[dict[str, Any], str]] = [
    ({"price_minor": -1}, "price_minor"),
    ({"price_minor": 5.9}, "price_minor"),
    ({"price_minor": None}, "price_minor"),
    ({"free_from_minor": 2**31}, "free_from_minor"),
    ({"countries": ["Luxembourg"]}, "countries"),
    ({"countries": ["lu"]}, "countries"),
    ({"names": {"xx": "Home"}}, "names"),
    ({"names": {"fr": ""}}, "names"),
    ({"tax_class": "none"}, "tax_class"),
    ({"code": "To Door"}, "code"),
    ({"position": -1}, "position"),
]


def test_a_refused_way_of_delivery_names_the_field(market: Market, base: str) -> None:
    team = market.client("marketing")
    for changed, field in NO_METHOD:
        answer = team.post(f"{base}/shipping-methods", json={**METHOD, **changed})
        assert (answer.status_code, field in answer.text) == (422, True), (changed, answer.text)
    assert team.get(f"{base}/shipping-methods").json()["items"] == []


def test_a_way_of_delivery_is_what_was_written(market: Market, base: str) -> None:
    team = market.client("marketing")
    given = {
        **METHOD,
        "names": {"fr": "Chez vous"},
        "carrier": "POST",
        "free_from_minor": 7_500,
        "countries": ["LU", "BE"],
        "tax_class": "reduced",
        "position": 2,
    }
    made = team.post(f"{base}/shipping-methods", json=given).json()
    assert {name: made[name] for name in given} == given
    guest, _cart, _total = ready(market)
    assert [each["code"] for each in guest.quote()["deliveries"]] == ["home", "door"]
