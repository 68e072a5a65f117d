"""The words of documents in their language; a document's language is its buyer's, not the reader's."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from orion_core.i18n import texts_of

_FOLDER = Path(__file__).parent.parent / "locales"

_: Callable[[str], str] = str
"""Marks what is translated where it is used."""

_LABELS = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "issue_date": _("Date of issue"),
    "supply_date": _("Date of supply"),
    "due_date": _("Payable by"),
    "order_number": _("Order"),
    "corrects": _("Corrects invoice"),
    "buyer_reference": _("Your reference"),
    "buyer": _("Buyer"),
    "delivery": _("Delivered to"),
    "position": _("No."),
    "article": _("Article"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "without_vat": _("without VAT"),
    "vat": _("VAT"),
    "total": _("Total"),
    "net": _("Net"),
    "gross": _("With VAT"),
    "rate": _("Rate"),
    "discount": _("Discount"),
    "net_total": _("Total without VAT"),
    "tax_total": _("Total VAT"),
    "rounding": _("Rounding"),
    "grand_total": _("Total with VAT"),
    "paid": _("Already paid"),
    "due": _("Amount due"),
    "settled": _("Settled; nothing is left to pay."),
    "refunded": _("The amount is refunded."),
    "due_at_once": _("Payable at once"),
    "vat_number": _("VAT number"),
    "tax_number": _("Tax number"),
    "register_number": _("Trade register"),
    "permit_number": _("Business permit"),
    "page": _("Page %(page)s of %(pages)s"),
    "replaced": _("Characters that cannot be printed here are shown as “?”; the attached XML holds them."),
}


@lru_cache(maxsize=8)
def labels(locale: str) -> dict[str, str]:
    """Return all words in a language.

    Args:
        locale: ``en``, ``fr``, ``de`` or ``lb``.
    """
    texts = texts_of(_FOLDER, locale)
    return {name: str(texts[text]) for name, text in _LABELS.items()}
