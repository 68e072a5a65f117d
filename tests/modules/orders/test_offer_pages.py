"""Promotions and ways of delivery are kept by forms, and buyers get what was written."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.i18n import LOCALES
from orion_core.testing import Market
from orion_orders.models import Promotion, ShippingMethod
from orion_orders.services.offers import use_promotion
from tests.modules.orders.checkouts import add_delivery, add_promotion, ready

PROMOTION = {"title": "Moien", "code": "moien", "kind": "percentage", "value": "12,5", "is_active": "1"}
METHOD = {"name": "To your door", "code": "door", "price": "5,90", "is_active": "1"}


@pytest.fixture
def base(store: RequestContext) -> str:
    return f"/stores/{store.store.code}"


def keeper(market: Market) -> TestClient:
    client = market.client("marketing")
    client.headers["Accept-Language"] = "en"
    return client


def one(table: Any) -> Any:
    with unit_of_work() as session:
        return session.scalars(select(table)).one()


def test_pages_open_in_every_language(market: Market, base: str) -> None:
    client = keeper(market)
    paths = [f"{base}{page}" for page in ("/promotions", "/promotions/new", "/deliveries", "/deliveries/new")]
    assert {client.get(path).status_code for path in paths} == {200}
    paths += [f"{base}/promotions/{add_promotion()}", f"{base}/deliveries/{add_delivery(names={'fr': 'Chez vous'})}"]
    for language in LOCALES:
        client.headers["Accept-Language"] = language
        for path in paths:
            answer = client.get(path)
            assert (answer.status_code, f'lang="{language}"' in answer.text) == (200, True), (path, answer.text)
    assert "Chez vous" in client.get(paths[-1]).text


def test_a_promotion_is_what_was_written(market: Market, base: str) -> None:
    form = {**PROMOTION, "min_goods": "20", "starts_at": "2026-11-01", "ends_at": "2026-11-30", "usage_limit": "3"}
    assert keeper(market).post(f"{base}/promotions", data=form).status_code == 303
    made = one(Promotion)
    assert (made.code, made.value, made.min_goods_minor, made.usage_limit) == ("MOIEN", 1_250, 2_000, 3)
    assert (made.starts_at, made.ends_at) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def test_a_form_that_is_sent_as_it_came_changes_nothing(market: Market, base: str) -> None:
    client = keeper(market)
    form = {**PROMOTION, "min_goods": "20", "ends_at": "2026-11-30", "once_per_customer": "1"}
    client.post(f"{base}/promotions", data=form)
    before = one(Promotion)
    page = client.get(f"{base}/promotions/{before.id}").text
    assert ('value="12.50"' in page, 'value="2026-11-30"' in page, 'value="20.00"' in page) == (True, True, True)
    again = {**form, "value": "12.50", "min_goods": "20.00", "version": str(before.version)}
    assert client.post(f"{base}/promotions/{before.id}", data=again).status_code == 303
    after = one(Promotion)
    names = ("code", "value", "min_goods_minor", "ends_at", "once_per_customer")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


def test_a_promotion_that_is_switched_off_is_refused(market: Market, base: str) -> None:
    client, path = keeper(market), f"{base}/promotions/{add_promotion()}"
    guest, _cart, total = ready(market, promotion_code="MOIEN")
    assert total == 3_090 - 250
    off = {name: text for name, text in PROMOTION.items() if name != "is_active"}
    assert client.post(path, data=off).status_code == 303
    assert "promotion_code" in guest.quote()["problems"]
    assert "Switched off" in client.get(f"{base}/promotions").text


NO_PROMOTION: list[tuple[dict[str, str], str]] = [
    ({"value": "101"}, "Write a percentage above 0, up to 100"),
    ({"kind": "amount", "value": "0"}, "Write an amount such as 12.50"),
    ({"value": "much"}, "Write an amount such as 12.50"),
    ({"starts_at": "2026-11-02", "ends_at": "2026-11-01"}, "It would end before it begins"),
    ({"usage_limit": "0"}, "It was used more often already"),
    ({"code": "TAKEN"}, "Another one has this code"),
    ({"version": "7"}, "Somebody changed this in the meantime"),
    ({"title": ""}, "This field is required"),
]


def test_a_refused_promotion_says_why(market: Market, base: str) -> None:
    promotion, _ = add_promotion(), add_promotion("TAKEN")
    with unit_of_work() as session:
        use_promotion(session, promotion)
    client = keeper(market)
    for changed, said in NO_PROMOTION:
        answer = client.post(f"{base}/promotions/{promotion}", data={**PROMOTION, **changed})
        assert (answer.status_code in (409, 412, 422), said in answer.text) == (True, True), changed
    with unit_of_work() as session:
        assert session.get_one(Promotion, (market.mine.store.id, promotion)).value == 1_000


def test_a_way_of_delivery_is_what_was_written(market: Market, base: str) -> None:
    client = keeper(market)
    form = {**METHOD, "countries": "lu, BE", "free_from": "75", "name_fr": "Chez vous", "position": "2"}
    assert client.post(f"{base}/deliveries", data=form).status_code == 303
    made = one(ShippingMethod)
    assert (made.price_minor, made.free_from_minor, made.countries) == (590, 7_500, ["LU", "BE"])
    assert (made.names, made.position, made.is_active) == ({"fr": "Chez vous"}, 2, True)
    path = f"{base}/deliveries/{made.id}"
    assert 'value="LU, BE"' in client.get(path).text
    free = {**METHOD, "price": "0", "countries": "", "is_active": "", "version": str(made.version)}
    assert client.post(path, data=free).status_code == 303
    made = one(ShippingMethod)
    assert (made.price_minor, made.free_from_minor, made.countries, made.is_active) == (0, None, [], False)


NO_METHOD: list[tuple[dict[str, str], str]] = [
    ({"countries": "Luxembourg"}, "Write codes of two letters"),
    ({"price": "-1"}, "Write an amount such as 12.50"),
    ({"price": "1.234"}, "Write an amount such as 12.50"),
    ({"free_from": "21474836.48"}, "This amount is too large"),
    ({"code": "home"}, "Another one has this code"),
]


def test_a_refused_way_of_delivery_says_why(market: Market, base: str) -> None:
    add_delivery("home")
    client = keeper(market)
    for changed, said in NO_METHOD:
        answer = client.post(f"{base}/deliveries", data={**METHOD, **changed})
        assert (answer.status_code in (409, 422), said in answer.text) == (True, True), changed
    assert one(ShippingMethod).code == "home"


def test_offers_are_kept_by_those_who_may(market: Market, base: str) -> None:
    promotion, support = add_promotion(), market.client("support")
    assert "/promotions/new" not in support.get(f"{base}/promotions").text
    tries = [support.get(f"{base}/promotions/new"), support.post(f"{base}/promotions", data=PROMOTION)]
    tries += [support.post(f"{base}/deliveries", data=METHOD), support.get(f"{base}/promotions/{promotion}")]
    assert {answer.status_code for answer in tries} == {403}


def test_the_other_store_has_its_own_offers(market: Market, base: str) -> None:
    promotion, method = add_promotion(title="Only here"), add_delivery()
    strangers, there = market.client("other_owner"), f"/stores/{market.other.store.code}"
    assert "Only here" not in strangers.get(f"{there}/promotions").text
    assert "Home" not in strangers.get(f"{there}/deliveries").text.split("<main", 1)[1]
    paths = {f"{there}/promotions/{promotion}": PROMOTION, f"{there}/deliveries/{method}": METHOD}
    gets = {strangers.get(path).status_code for path in paths}
    posts = {strangers.post(path, data=form).status_code for path, form in paths.items()}
    assert (gets, posts, one(Promotion).title) == ({404}, {404}, "Only here")
