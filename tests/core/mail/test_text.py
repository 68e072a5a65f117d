"""What plain text is made of a mail's HTML."""

import pytest

from orion_core.context import NOWHERE, use_context
from orion_core.contributions import Area
from orion_core.mail import area_url
from orion_core.services.mail_text import read_mail
from orion_core.testing import Market

MAIL = """<!doctype html><html><head><title>Order  1 &amp;
 2</title><base target="_blank"></head><body>
<h1>Thank you,
   Léa</h1><p>It is<br>on its way: <a href="https://x.test/t?a=1&amp;b=2">track it</a> or
<a href="https://x.test">https://x.test</a>.</p>
<ul><li>One</li><li>Two &lt;3</li></ul>
<table><tr><td>Mug</td><td>4,00 €</td></tr><tr><td>Total</td><td>4,00 €</td></tr></table></body></html>"""


def test_subject_and_text_are_read_from_the_page() -> None:
    subject, text = read_mail(MAIL)
    assert subject == "Order 1 & 2"
    assert text == (
        "Thank you, Léa\n\nIt is\non its way: track it (https://x.test/t?a=1&b=2) or https://x.test.\n\n"
        "- One\n- Two <3\n\nMug  4,00 €\nTotal  4,00 €\n"
    )


@pytest.mark.parametrize(
    ("area", "path"),
    [
        (Area.SHOP, "/shop/{store}/account"),
        (Area.STORE, "/stores/{store}/account"),
        (Area.MERCHANT, "/merchants/{merchant}/account"),
        (Area.ADMIN, "/admin/account"),
        (Area.PUBLIC, "/account"),
    ],
)
def test_absolute_addresses_lead_into_the_tenants_areas(market: Market, area: Area, path: str) -> None:
    tenant = market.mine.tenant
    assert tenant is not None
    assert tenant.merchant is not None
    with use_context(market.mine):
        expected = path.format(store=market.mine.store.code, merchant=tenant.merchant.code)
        assert area_url("/account", area) == f"http://127.0.0.1:8000{expected}"
        assert market.client("admin").get(area_url("/", area)).status_code == 200


def test_outside_a_store_the_shop_is_the_platforms_own_site(market: Market) -> None:
    with use_context(NOWHERE):
        assert area_url("/") == "http://127.0.0.1:8000/"
        with pytest.raises(LookupError):
            area_url("/", Area.STORE)
        with pytest.raises(LookupError):
            area_url("/", Area.MERCHANT)
