"""One decision per line: which VAT a supply of goods or services bears, and the reason that stands on the invoice.

After directive 2006/112/EC and, for Luxembourg's exemption of small enterprises, art. 57 of the VAT law. Territories
with rules of their own (Northern Ireland, Monaco, the Canary Islands, Mount Athos …) are not handled: see
docs/explanation/tax.md.
"""

from dataclasses import dataclass
from datetime import date

from orion_core.tax.rates import Rate, find_rate, table_version

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member states of the VAT area, ISO 3166-1 alpha-2."""

MENTIONS = {
    "small_business": ("E", None, "VAT not applicable, small enterprise scheme (art. 284 of directive 2006/112/EC)"),
    "export": ("G", "VATEX-EU-G", "Export outside the EU, exempt (art. 146 of directive 2006/112/EC)"),
    "intra_eu_goods": ("K", "VATEX-EU-IC", "Intra-Community supply, exempt (art. 138 of directive 2006/112/EC)"),
    "reverse_charge": ("AE", "VATEX-EU-AE", "Reverse charge (art. 196 of directive 2006/112/EC)"),
}
"""Category (EN 16931, BT-151), VATEX code and text of each reason for not charging tax."""

SMALL_BUSINESS_AT = {"LU": "VAT not applicable, art. 57(1) of the Luxembourg VAT law"}
"""What sellers of the small enterprise scheme have to write, where their country says it more exactly."""


@dataclass(frozen=True, slots=True)
class Seller:
    """Who supplies.

    Args:
        country: Where the seller is taxed, ISO 3166-1 alpha-2.
        vat_number: The seller's VAT number.
        oss: Whether the One-Stop-Shop is used, so that destination rates apply to consumers elsewhere in the EU.
        small_business: Whether the small enterprise scheme applies on the day of supply.
    """

    country: str
    vat_number: str | None = None
    oss: bool = False
    small_business: bool = False


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who is supplied.

    Args:
        country: Where the goods go, ISO 3166-1 alpha-2.
        vat_number: The buyer's VAT number, if given.
        vat_number_valid: Whether it was found valid; anything short of that counts as no number.
    """

    country: str
    vat_number: str | None = None
    vat_number_valid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDecision:
    """What was decided, with its reason.

    Args:
        reason: ``domestic``, ``oss``, ``origin``, ``zero_rated``, or a key of ``MENTIONS``.
        category: VAT category code of EN 16931 (BT-151).
        rate_bp: Rate in basis points.
        country: Whose tax it is.
        vatex: Code of the exemption, where there is one.
        text: What the invoice has to say about it (a message id), empty if nothing.
        table_version: Version of the rate table it was made with.
        note: What it was made of, for whoever asks why.
    """

    reason: str
    category: str
    rate_bp: int
    country: str
    vatex: str | None = None
    text: str = ""
    table_version: str = ""
    note: str = ""


def decide_tax(
    seller: Seller,
    buyer: Buyer,
    *,
    tax_class: str,
    on: date,
    rate_override_bp: int | None = None,
    goods: bool = True,
) -> TaxDecision:
    """Decide the tax of one line.

    Args:
        seller: Who supplies.
        buyer: Who is supplied.
        tax_class: The article's class.
        on: Day of the supply.
        rate_override_bp: Domestic rate of this article, where it differs from its class's.
        goods: Whether goods are supplied; services otherwise.

    Raises:
        UnknownTaxRate: If the table has no rate for the country and day.
    """
    kind = "goods" if goods else "services"
    note = f"{kind} of class {tax_class} from {seller.country} to {buyer.country} on {on.isoformat()}"
    if reason := _exemption(seller, buyer, goods=goods):
        return _exempt(reason, seller, note)
    abroad = buyer.country != seller.country
    if abroad and seller.oss:
        return _charged("oss", find_rate(buyer.country, tax_class, on), buyer.country, note)
    rate = find_rate(seller.country, tax_class, on) if rate_override_bp is None else Rate(rate_override_bp)
    return _charged("origin" if abroad else "domestic", rate, seller.country, note)


def said(reason: str, country: str) -> tuple[str | None, str]:
    """Return VATEX code and text (a message id) of a reason; the text is empty if nothing has to be said.

    Args:
        reason: The decision's reason.
        country: Whose tax it is.
    """
    if reason not in MENTIONS:
        return None, ""
    _, vatex, text = MENTIONS[reason]
    return vatex, SMALL_BUSINESS_AT.get(country, text) if reason == "small_business" else text


def _charged(reason: str, rate: Rate, country: str, note: str) -> TaxDecision:
    hint = f"; no rate of this class is known for {country}, so its standard rate" if rate.is_fallback else ""
    return TaxDecision(
        reason=reason if rate.rate_bp else "zero_rated",
        category="S" if rate.rate_bp else "Z",
        rate_bp=rate.rate_bp,
        country=country,
        table_version=table_version(),
        note=note + hint,
    )


def _exempt(reason: str, seller: Seller, note: str) -> TaxDecision:
    vatex, text = said(reason, seller.country)
    return TaxDecision(
        reason=reason,
        category=MENTIONS[reason][0],
        rate_bp=0,
        country=seller.country,
        vatex=vatex,
        text=text,
        table_version=table_version(),
        note=note,
    )


def _exemption(seller: Seller, buyer: Buyer, *, goods: bool) -> str:
    """Return why no tax is charged; empty if it is. A sale at home is taxed whoever buys."""
    if seller.small_business:
        return "small_business"
    if buyer.country == seller.country:
        return ""
    if buyer.country not in EU:
        return "export"
    if buyer.vat_number and buyer.vat_number_valid:
        return "intra_eu_goods" if goods else "reverse_charge"
    return ""
