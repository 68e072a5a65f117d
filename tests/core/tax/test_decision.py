"""Which tax a supply bears: the order of the tests is the law's, and every decision says why."""

from datetime import date

import pytest

from orion_core.i18n import LOCALES, texts_of
from orion_core.tax import EU, Buyer, Seller, UnknownTaxRate, decide_tax, find_rate
from orion_core.tax.decision import MENTIONS, SMALL_BUSINESS_AT
from tests.core.ui.host import LOCALES as FOLDER

DAY = date(2026, 3, 1)
LU = Seller("LU", "LU12345613")
OSS = Seller("LU", "LU12345613", oss=True)
SMALL = Seller("LU", small_business=True)
NUMBERED = Buyer("FR", "FR40303265045", vat_number_valid=True)


@pytest.mark.parametrize(
    ("seller", "buyer", "kind", "reason", "tax"),
    [
        (LU, Buyer("LU"), "goods", "domestic", ("S", 1700, "LU")),
        # a number does not zero-rate a sale at home
        (LU, Buyer("LU", "LU12345613", vat_number_valid=True), "goods", "domestic", ("S", 1700, "LU")),
        (OSS, Buyer("LU"), "goods", "domestic", ("S", 1700, "LU")),
        (LU, Buyer("US"), "goods", "export", ("G", 0, "LU")),
        (OSS, Buyer("CH", "CHE123", vat_number_valid=True), "goods", "export", ("G", 0, "LU")),
        (LU, Buyer("GB"), "goods", "export", ("G", 0, "LU")),
        (LU, NUMBERED, "goods", "intra_eu_goods", ("K", 0, "LU")),
        (OSS, NUMBERED, "goods", "intra_eu_goods", ("K", 0, "LU")),
        (LU, NUMBERED, "services", "reverse_charge", ("AE", 0, "LU")),
        # a number that was not found valid counts as none
        (LU, Buyer("FR", "FR40303265045"), "goods", "origin", ("S", 1700, "LU")),
        (OSS, Buyer("FR", "FR40303265045"), "goods", "oss", ("S", 2000, "FR")),
        (LU, Buyer("FR", "", vat_number_valid=True), "goods", "origin", ("S", 1700, "LU")),
        (OSS, Buyer("FI"), "goods", "oss", ("S", 2550, "FI")),
        (SMALL, Buyer("LU"), "goods", "small_business", ("E", 0, "LU")),
        (SMALL, Buyer("US"), "goods", "small_business", ("E", 0, "LU")),
        (SMALL, NUMBERED, "goods", "small_business", ("E", 0, "LU")),
    ],
)
def test_who_sells_what_to_whom_decides(
    seller: Seller, buyer: Buyer, kind: str, reason: str, tax: tuple[str, int, str]
) -> None:
    found = decide_tax(seller, buyer, tax_class="standard", on=DAY, goods=kind == "goods")
    assert (found.reason, (found.category, found.rate_bp, found.country)) == (reason, tax)
    assert bool(found.text) == (found.category not in {"S", "Z"})
    assert found.table_version
    assert f"from {seller.country} to {buyer.country} on 2026-03-01" in found.note


@pytest.mark.parametrize(
    ("on", "rates"),
    [
        (date(2022, 12, 31), (1700, 1400, 800, 300)),
        (date(2023, 1, 1), (1600, 1300, 700, 300)),
        (date(2023, 12, 31), (1600, 1300, 700, 300)),
        (date(2024, 1, 1), (1700, 1400, 800, 300)),
    ],
)
def test_luxembourgs_rates_hold_from_day_to_day(on: date, rates: tuple[int, ...]) -> None:
    classes = ("standard", "intermediate", "reduced", "super_reduced")
    assert tuple(decide_tax(LU, Buyer("LU"), tax_class=each, on=on).rate_bp for each in classes) == rates


@pytest.mark.parametrize(
    ("country", "day", "before_bp", "after_bp"),
    [
        ("EE", date(2025, 7, 1), 2200, 2400),
        ("RO", date(2025, 8, 1), 1900, 2100),
        ("SK", date(2025, 1, 1), 2000, 2300),
        ("FI", date(2024, 9, 1), 2400, 2550),
    ],
)
def test_rates_change_on_their_day(country: str, day: date, before_bp: int, after_bp: int) -> None:
    assert find_rate(country, "standard", day.replace(day=1) - date.resolution).rate_bp == before_bp
    assert find_rate(country, "standard", day).rate_bp == after_bp


@pytest.mark.parametrize("country", sorted(EU))
@pytest.mark.parametrize("on", [date(2017, 1, 1), date(2023, 6, 30), DAY, date(2030, 1, 1)])
def test_every_member_state_has_one_standard_rate_on_every_day(country: str, on: date) -> None:
    assert 1500 <= find_rate(country, "standard", on).rate_bp <= 2700


def test_a_class_without_a_rate_gets_the_standard_rate_and_the_decision_says_so() -> None:
    found = decide_tax(OSS, Buyer("FR"), tax_class="super_reduced", on=DAY)
    assert (found.rate_bp, found.reason) == (2000, "oss")
    assert "no rate of this class is known for FR, so its standard rate" in found.note
    at_home = decide_tax(Seller("FR"), Buyer("FR"), tax_class="super_reduced", on=DAY)
    assert "so its standard rate" in at_home.note


def test_an_articles_own_rate_counts_where_the_sellers_rates_do() -> None:
    for seller, buyer, rate_bp in ((LU, Buyer("LU"), 800), (LU, Buyer("FR"), 800), (OSS, Buyer("FR"), 2000)):
        assert decide_tax(seller, buyer, tax_class="standard", on=DAY, rate_override_bp=800).rate_bp == rate_bp
    zero = decide_tax(LU, Buyer("LU"), tax_class="zero", on=DAY)
    assert (zero.reason, zero.category, zero.text) == ("zero_rated", "Z", "")


def test_where_no_rate_is_known_nothing_is_sold() -> None:
    with pytest.raises(UnknownTaxRate, match="CH on 2026-03-01"):
        decide_tax(Seller("CH"), Buyer("CH"), tax_class="standard", on=DAY)
    with pytest.raises(UnknownTaxRate):
        decide_tax(LU, Buyer("LU"), tax_class="standard", on=date(2000, 1, 1))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_mention_can_be_said_in_every_language(locale: str) -> None:
    mentions = {text for _, _, text in MENTIONS.values()} | set(SMALL_BUSINESS_AT.values())
    assert mentions - set(texts_of(FOLDER, locale)) == set()
