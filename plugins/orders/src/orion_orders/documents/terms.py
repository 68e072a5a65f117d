"""A document in the terms of EN 16931 (BT and BG numbers), from which both XML syntaxes are written."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from orion_core.tax import VatGroup
from orion_orders.documents.amounts import LineAmounts, Totals
from orion_orders.documents.model import InvoiceDocument, Line, Party, Place
from orion_orders.documents.wording import labels

PIECE = "H87"
DISCOUNT = "95"
TRANSFER = "58"
"""Codes of UN/ECE recommendation 20, UNTDID 5189 and 4461."""


def terms_of(document: InvoiceDocument, totals: Totals) -> dict[str, Any]:
    """Return the terms of a document.

    Args:
        document: The document.
        totals: Its sums.
    """
    words = labels(document.locale)
    outside_vat = any(line.category == "O" for line in document.lines)
    terms = {
        "BT-1": document.number,
        "BT-2": document.issue_date,
        "BT-3": "381" if document.kind == "credit_note" else "380",
        "BT-5": document.currency,
        "BT-10": document.buyer_reference,
        "BT-14": document.order_number,
        "BG-1": [{"BT-22": text} for text in (*document.mentions, *document.notes)],
        "BG-3": [{"BT-25": each.number, "BT-26": each.issue_date} for each in [document.corrects] if each],
        "BG-4": _party(document.seller, with_vat=not outside_vat),
        "BG-7": _party(document.buyer, with_vat=not outside_vat),
        "BG-13": _place(document.delivery or document.buyer),
        "BT-72": document.supply_date,
        "BG-23": [_group(group, document) for group in totals.groups],
        "BG-25": [_line(line, totals.lines[line.position], document, words) for line in document.lines],
        **_sums(document, totals),
        **_payment(document, totals, words),
    }
    return {name: value for name, value in terms.items() if value}


def _sums(document: InvoiceDocument, totals: Totals) -> dict[str, str]:
    def money(minor: int) -> str:
        return amount(minor, document.currency)

    return {
        "BT-106": money(totals.net),
        "BT-109": money(totals.net),
        "BT-110": money(totals.tax),
        "BT-112": money(totals.net + totals.tax),
        "BT-113": money(totals.paid) if totals.paid else "",
        "BT-114": money(totals.rounding) if totals.rounding else "",
        "BT-115": money(totals.due),
    }


def _payment(document: InvoiceDocument, totals: Totals, words: dict[str, str]) -> dict[str, Any]:
    if not totals.due or document.kind == "credit_note":
        return {"BT-20": words["settled"] if not totals.due else words["refunded"]}
    terms: dict[str, Any] = {"BT-9": document.due_date} if document.due_date else {"BT-20": words["due_at_once"]}
    if document.seller.iban:
        iban = document.seller.iban.replace(" ", "")
        terms |= {"BT-81": TRANSFER, "BT-83": document.number, "BT-84": iban, "BT-85": document.seller.name}
    return terms


def _group(group: VatGroup, document: InvoiceDocument) -> dict[str, str]:
    members = [line for line in document.lines if (line.category, line.rate_bp) == (group.category, group.rate_bp)]
    found = {
        "BT-116": amount(group.net_minor, document.currency),
        "BT-117": amount(group.tax_minor, document.currency),
        "BT-118": group.category,
        "BT-119": _rate(group.category, group.rate_bp),
        "BT-120": "; ".join(dict.fromkeys(line.text for line in members if line.text)),
        "BT-121": next((line.vatex for line in members if line.vatex), ""),
    }
    return {name: value for name, value in found.items() if value}


def _line(line: Line, amounts: LineAmounts, document: InvoiceDocument, words: dict[str, str]) -> dict[str, Any]:
    price, per = unit_price(amounts.price, line.quantity, document.currency)
    found = {
        "BT-126": str(line.position),
        "BT-129": str(line.quantity),
        "BT-130": PIECE,
        "BT-131": amount(amounts.net, document.currency),
        "BT-146": str(price),
        "BT-149": str(per) if per > 1 else "",
        "BT-151": line.category,
        "BT-152": _rate(line.category, line.rate_bp),
        "BT-153": line.title,
        "BT-154": line.options,
        "BT-155": line.sku,
        "BG-27": [
            {
                "amount": amount(amounts.discount, document.currency),
                "base_amount": amount(amounts.price, document.currency),
                "reason": words["discount"],
                "reason_code": DISCOUNT,
            }
        ]
        if amounts.discount
        else [],
    }
    return {name: value for name, value in found.items() if value}


def amount(minor: int, currency: str) -> str:
    """Return an amount as the standard writes it, with the currency's decimals.

    Args:
        minor: Minor units.
        currency: ISO 4217 code.
    """
    return str(Decimal(minor).scaleb(-get_currency_precision(currency)))


def unit_price(minor: int, quantity: int, currency: str) -> tuple[Decimal, int]:
    """Return a price without tax and the number of pieces it is for, so that the line's amount follows exactly.

    Args:
        minor: The price of all pieces, in minor units.
        quantity: How many there are.
        currency: ISO 4217 code.
    """
    whole = Decimal(minor).scaleb(-get_currency_precision(currency))
    if minor * 100 % quantity:
        return whole, quantity
    return whole / quantity, 1


def _rate(category: str, rate_bp: int) -> str:
    return "" if category == "O" else str(Decimal(rate_bp).scaleb(-2))


def _party(party: Party, *, with_vat: bool) -> dict[str, str]:
    legal = [party.legal_form, party.permit_number]
    found = {
        **_place(party),
        "legal_identifier": party.register_number,
        "vat_identifier": "".join(party.vat_number.split()) if with_vat else "",
        "tax_identifier": party.tax_number if with_vat else "",
        "legal_info": ", ".join(filter(None, legal)),
        "einvoicing_addr": party.email,
        "einvoicing_addr_schemeid": "EM" if party.email else "",
    }
    return {name: value for name, value in found.items() if value}


def _place(place: Place) -> dict[str, str]:
    found = {
        "name": place.name,
        "addr_l1": place.street,
        "addr_l2": place.street2,
        "postcode": place.postcode,
        "city": place.city,
        "country_subdivision": place.region,
        "country_code": place.country,
    }
    return {name: value for name, value in found.items() if value}
