"""Registering, signing in, passwords: nobody learns who has an account, nobody gets into another's."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from orion_core.testing import Market, Outbox
from tests.modules.customers.conftest import PASSWORD

Register = Callable[..., TestClient]
LEA = "lea@example.org"


def sign_in(client: TestClient, shop: str, password: str = PASSWORD, email: str = LEA) -> Any:
    return client.post(f"{shop}/account/login", data={"email": email, "password": password})


def test_a_confirmed_address_opens_the_account(registered: Register, shop: str, outbox: Outbox) -> None:
    client = registered()
    page = client.get(f"{shop}/account")
    assert page.status_code == 200
    assert LEA in page.text
    assert [event["email"] for event in outbox.published("customers.email_verified.v1")] == [LEA]


def test_before_that_the_password_opens_nothing(market: Market, shop: str) -> None:
    client = market.client()
    client.post(f"{shop}/account/register", data={"email": LEA, "name": "Léa", "password": PASSWORD})
    assert sign_in(client, shop).status_code == 401
    page = client.get(f"{shop}/account", headers={"Accept": "text/html"})
    assert page.headers["location"].startswith(f"{shop}/account/login")


def test_known_and_unknown_addresses_are_answered_alike(registered: Register, market: Market, shop: str) -> None:
    registered()
    stranger = market.client()
    for path, form in (("register", {"name": "X", "password": "another good one"}), ("forgot", {})):
        known = stranger.post(f"{shop}/account/{path}", data={"email": LEA, **form})
        unknown = stranger.post(f"{shop}/account/{path}", data={"email": "nobody@example.org", **form})
        assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    fresh = market.client()
    wrong, missing = sign_in(fresh, shop, "wrong"), sign_in(fresh, shop, "wrong", "nobody@example.org")
    assert wrong.status_code == missing.status_code == 401
    assert wrong.text.replace(LEA, "") == missing.text.replace("nobody@example.org", "").replace(
        missing.headers["x-request-id"], wrong.headers["x-request-id"]
    )


def test_registering_a_taken_address_changes_nothing_and_tells_its_holder(
    registered: Register, market: Market, shop: str, mails: Callable[[str], Any]
) -> None:
    registered()
    market.client().post(f"{shop}/account/register", data={"email": LEA, "name": "Eve", "password": "evil evil evil"})
    assert mails(LEA)[-1].template == "customers/mail/account_exists.html"
    assert sign_in(market.client(), shop, "evil evil evil").status_code == 401
    assert sign_in(market.client(), shop).status_code == 303


def test_a_mailed_link_works_once(registered: Register, market: Market, shop: str, token_in: Any) -> None:
    registered()
    market.client().post(f"{shop}/account/forgot", data={"email": LEA})
    form = {"token": token_in(LEA), "password": "eight blue kettles"}
    assert market.client().post(f"{shop}/account/reset", data=form).headers["location"] == f"{shop}/account"
    assert market.client().post(f"{shop}/account/reset", data=form).headers["location"] == f"{shop}/account/forgot"
    assert sign_in(market.client(), shop, "eight blue kettles").status_code == 303


def test_a_weak_password_does_not_use_up_the_link(
    registered: Register, market: Market, shop: str, token_in: Any
) -> None:
    registered()
    market.client().post(f"{shop}/account/forgot", data={"email": LEA})
    token = token_in(LEA)
    assert market.client().post(f"{shop}/account/reset", data={"token": token, "password": "short"}).status_code == 422
    answer = market.client().post(f"{shop}/account/reset", data={"token": token, "password": "eight blue kettles"})
    assert answer.headers["location"] == f"{shop}/account"


def test_a_new_password_ends_the_other_sessions(registered: Register, market: Market, shop: str) -> None:
    client, other = registered(), market.client()
    sign_in(other, shop)
    form = {"current": PASSWORD, "password": "eight blue kettles"}
    assert client.post(f"{shop}/account/password", data=form).status_code == 303
    assert client.get(f"{shop}/account").status_code == 200
    assert other.get(f"{shop}/account").status_code == 401


def test_an_account_opens_nothing_in_another_shop(registered: Register, market: Market, shop: str) -> None:
    client = registered()
    elsewhere = f"/shop/{market.other.store.code}"
    token = client.cookies["orion_customer"]
    stranger = market.stage.client({"orion_customer": token})
    assert stranger.get(f"{elsewhere}/account").status_code == 401
    assert stranger.get(f"{shop}/account").status_code == 200
    assert sign_in(market.client(), elsewhere).status_code == 401


def test_guessing_is_slowed_down(market: Market, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_CUSTOMERS_LOGIN_ATTEMPTS", "7")
    answers = [sign_in(market.client(), shop, f"guess {number}").status_code for number in range(9)]
    assert answers == [401] * 7 + [429] * 2


def test_a_customer_is_not_staff(registered: Register, market: Market, shop: str) -> None:
    client = registered()
    assert client.get(f"/stores/{market.mine.store.code}/customers").status_code in (303, 401)
    assert client.get("/admin/mail").status_code in (303, 401)


@pytest.mark.parametrize("next_path", ["https://evil.example/", "//evil.example", "/stores/x/", "/shop/other/account"])
def test_after_signing_in_nobody_is_led_out_of_the_shop(
    registered: Register, market: Market, shop: str, next_path: str
) -> None:
    registered()
    form = {"email": LEA, "password": PASSWORD, "next": next_path}
    assert market.client().post(f"{shop}/account/login", data=form).headers["location"] == f"{shop}/account"


def test_the_api_signs_in_with_the_same_session(registered: Register, market: Market, shop: str) -> None:
    registered()
    client = market.client()
    made = client.post(f"/api/v1{shop}/account/sessions", json={"email": LEA, "password": PASSWORD})
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert client.get(f"/api/v1{shop}/account/me", headers=headers).json()["email"] == LEA
    assert client.get(f"/api/v1{shop}/account/me").status_code == 401
