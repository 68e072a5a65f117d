"""A real mail server that can be told to refuse, and an installation that sends through it."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from orion_core.context import use_context
from orion_core.runtime import use_runtime
from orion_core.testing import Market
from orion_host.assembly import Assembly
from orion_host.mailer import SmtpMail
from orion_host.web.app import create_app
from tests.core.mail.office import PostOffice


@pytest.fixture
def open_office() -> Iterator[Callable[..., PostOffice]]:
    """Return a function that starts a mail server; ``tls`` is its certificate."""
    with ExitStack() as stack:

        def start(tls: ssl.SSLContext | None = None, **options: Any) -> PostOffice:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                office = PostOffice(probe.getsockname()[1])
            if options:
                options["authenticator"] = office.authenticate
            server = Controller(office, hostname="127.0.0.1", port=office.port, ssl_context=tls, **options)
            server.start()
            stack.callback(server.stop)
            return office

        yield start


@pytest.fixture
def office(open_office: Callable[..., PostOffice]) -> PostOffice:
    return open_office()


@pytest.fixture
def sending(market: Market, office: PostOffice) -> Iterator[Market]:
    """Return the marketplace with a mail server; the context is its first store's."""
    sender, host = "shop@orion.example", "127.0.0.1"
    mailer = SmtpMail(host=host, port=office.port, tls="none", user="", password="", sender=sender)
    runtime = replace(market.stage.runtime, mailer=mailer)
    with use_runtime(runtime), use_context(market.mine):
        yield replace(market, stage=replace(market.stage, runtime=runtime))


@pytest.fixture
def serving(sending: Market, assembly: Assembly) -> Market:
    """Return that marketplace with its web application."""
    return replace(sending, stage=replace(sending.stage, app=create_app(assembly, sending.stage.runtime)))
