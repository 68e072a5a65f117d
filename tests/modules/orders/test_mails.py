"""A buyer is told once of each thing that happens, in their own language, with a link that opens the order."""

import re
from html import unescape

from sqlalchemy import select

from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.models.mail import MailMessage
from orion_core.testing import Market, Outbox
from orion_orders.services import mails
from tests.modules.orders.checkouts import add_delivery, add_variant, shopper
from tests.modules.orders.team import desk

LINK = re.compile(r'href="[^"]*(/shop/[^"]+/orders/[^"]+)"')


def sent() -> list[MailMessage]:
    with unit_of_work() as session:
        ours = select(MailMessage).where(MailMessage.template.like("orders/mail/%"))
        return list(session.scalars(ours.order_by(MailMessage.id)))


def test_buyer_is_told_of_every_step_once(market: Market, store: RequestContext, outbox: Outbox) -> None:
    team = desk(market)
    team.ship(1)
    team.post("/returns", kind="withdrawal", pieces={team.item_id: 3})
    outbox.deliver()
    with unit_of_work() as session:
        mails.mail_placed(session, team.order_id)
    steps = ["placed", "shipped", "withdrawn"]
    assert [mail.template for mail in sent() if "invoice" not in mail.template] == [
        f"orders/mail/{step}.html" for step in steps
    ]
    assert {mail.recipient for mail in sent()} == {"lena@example.com"}


def test_link_in_the_mail_opens_the_order(market: Market, store: RequestContext, outbox: Outbox) -> None:
    team = desk(market)
    outbox.deliver()
    link = LINK.search(sent()[0].html)
    assert link
    page = market.client().get(unescape(link[1]))
    assert page.status_code == 200
    assert team.get()["number"] in page.text


def test_cancelled_order_is_told_with_what_comes_back(market: Market, store: RequestContext, outbox: Outbox) -> None:
    team = desk(market)
    team.post("/payments", amount_minor=5_590)
    team.post("/cancel", reason="customer")
    outbox.deliver()
    mail = next(mail for mail in sent() if mail.template == "orders/mail/cancelled.html")
    assert "€55.90" in mail.text


def test_mail_speaks_the_buyers_language(market: Market, store: RequestContext, outbox: Outbox) -> None:
    guest = shopper(market)
    guest.client.headers["Accept-Language"] = "lb"
    cart = guest.put_in(add_variant())
    guest.check_out(add_delivery())
    guest.order(cart["id"], guest.quote()["total_minor"])
    outbox.deliver()
    assert sent()[0].subject.startswith("Är Bestellung")


def test_receipt_of_a_withdrawal_names_its_pieces(market: Market, store: RequestContext, outbox: Outbox) -> None:
    team = desk(market)
    team.post("/returns", kind="withdrawal", pieces={team.item_id: 2})
    outbox.deliver()
    receipt = next(mail for mail in sent() if mail.template == "orders/mail/withdrawn.html")
    title = team.item()["title"]
    assert re.search(rf"2 . {title}", receipt.text)
    assert "you need not do anything more" in receipt.text
