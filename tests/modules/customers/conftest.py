"""A shop and its customers, through the browser's eyes."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.models import MailMessage
from orion_core.testing import Market

PASSWORD = "seven green kettles"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests of a process sign in from one address."""
    monkeypatch.setenv("ORION_CUSTOMERS_LOGIN_ATTEMPTS", "1000")


@pytest.fixture
def shop(market: Market) -> str:
    """The path of the shop the test works for."""
    return f"/shop/{market.mine.store.code}"


@pytest.fixture
def mails(market: Market) -> Callable[[str], list[MailMessage]]:
    """Return what was mailed to an address, oldest first."""

    def read(recipient: str) -> list[MailMessage]:
        with use_context(NOWHERE), platform_scope("read a test's mail") as session:
            wanted = select(MailMessage).where(MailMessage.recipient == recipient).order_by(MailMessage.id)
            found = list(session.scalars(wanted))
            session.expunge_all()
            return found

    return read


@pytest.fixture
def token_in(mails: Callable[[str], list[MailMessage]]) -> Callable[[str], str]:
    """Return the token in the last mail to an address."""

    def read(recipient: str) -> str:
        found = re.search(r"token=([\w-]+)", mails(recipient)[-1].text)
        assert found, "the mail has a link"
        return found[1]

    return read


@pytest.fixture
def registered(market: Market, shop: str, token_in: Callable[[str], str]) -> Callable[..., TestClient]:
    """Return the browser of somebody who has registered and confirmed their address."""

    def register(email: str = "lea@example.org", where: str = shop) -> TestClient:
        client = market.client()
        client.post(f"{where}/account/register", data={"email": email, "name": "Léa", "password": PASSWORD})
        answer = client.post(f"{where}/account/verify", data={"token": token_in(email)})
        assert answer.headers["location"] == f"{where}/account"
        return client

    return register
