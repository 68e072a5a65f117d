"""The document for people: a PDF/A-3b with the CII inside (Factur-X), in the document's language."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from facturx import generate_from_binary  # type: ignore[import-untyped]

from orion_core.money import Money
from orion_orders.documents.amounts import LineAmounts, Totals, totals
from orion_orders.documents.model import InvoiceDocument, Line, Party, Place
from orion_orders.documents.terms import unit_price
from orion_orders.documents.wording import labels

_LAYOUT = Path(__file__).with_name("invoice.typ")
_UNPRINTABLE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u02af\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ff"
    "\u0400-\u0482\u048a-\u04ff\u1e00-\u1eff\u2010-\u2027\u202f\u2030-\u2040\u20a0-\u20bf\u2116\u2122]"
)
"""What the fonts typst brings along lack (0.15.2); PDF/A refuses a document with a sign that is not there."""


def build_pdf(document: InvoiceDocument, cii: bytes, sums: Totals | None = None) -> bytes:
    """Return the document as PDF/A-3b with its XML inside.

    Args:
        document: The document.
        cii: From ``build_cii``.
        sums: Its totals, if they are known.
    """
    shown = _shown(document, sums or totals(document))
    if _UNPRINTABLE.search(json.dumps(shown, ensure_ascii=False)):
        shown["remarks"].append(labels(document.locale)["replaced"])
    printable = _UNPRINTABLE.sub("?", json.dumps(shown, ensure_ascii=False))
    pdf = typst.compile(
        _LAYOUT, format="pdf", pdf_standards="a-3b", sys_inputs={"document": printable}, ignore_system_fonts=True
    )
    title = f"{shown['title']} {document.number}"
    about = {"author": document.seller.name, "keywords": "Factur-X", "title": title, "subject": title}
    # The library tells of each file at level INFO, twice.
    logging.getLogger("factur-x").setLevel(logging.WARNING)
    whole: bytes = generate_from_binary(
        pdf,
        cii,
        flavor="factur-x",
        level="en16931",
        check_xsd=False,
        pdf_metadata=about,
        lang=document.locale,
        afrelationship="alternative",
    )
    return whole


def _shown(document: InvoiceDocument, sums: Totals) -> dict[str, Any]:
    words, locale = labels(document.locale), document.locale

    def money(minor: int) -> str:
        return Money(minor, document.currency).format(locale)

    return {
        "lang": locale,
        "title": words[document.kind],
        "number": document.number,
        "date": [document.issue_date.year, document.issue_date.month, document.issue_date.day],
        "page": words["page"],
        "seller": {"name": _legal_name(document.seller), "lines": _address(document.seller, locale)},
        "footer": list(_footer(document.seller, words)),
        "parties": list(_parties(document, words)),
        "facts": list(_facts(document, words)),
        "heads": [words[name] for name in ("position", "article", "quantity", "unit_price", "vat", "total")],
        "rows": [_row(line, sums.lines[line.position], document, words) for line in document.lines],
        "vat_heads": [words[name] for name in ("rate", "net", "vat", "gross")],
        "vat": [
            [
                _rate(group.category, group.rate_bp, locale),
                *map(money, (group.net_minor, group.tax_minor, group.net_minor + group.tax_minor)),
            ]
            for group in sums.groups
        ],
        "sums": [[name, money(minor), strong] for name, minor, strong in _sums(document, sums, words)],
        "remarks": list(_remarks(document, sums, words)),
    }


def _row(line: Line, amounts: LineAmounts, document: InvoiceDocument, words: dict[str, str]) -> dict[str, Any]:
    locale, currency = document.locale, document.currency
    price, per = unit_price(amounts.price, line.quantity, currency)
    net = format_currency(
        (price / per).quantize(Decimal("0.0001")).normalize(),
        currency,
        locale=locale,
        decimal_quantization=False,
        currency_digits=False,
    )
    small = [" · ".join(filter(None, (line.sku, line.options)))]
    if line.discount_minor:
        small.append(f"{words['discount']} {Money(-line.discount_minor, currency).format(locale)}")
    return {
        "position": str(line.position),
        "title": line.title,
        "small": [text for text in small if text],
        "quantity": format_decimal(line.quantity, locale=locale),
        "price": Money(line.unit_price_minor, currency).format(locale),
        "price_small": f"{words['without_vat']} {net}",
        "rate": _rate(line.category, line.rate_bp, locale),
        "total": Money(line.total_minor, currency).format(locale),
    }


def _sums(document: InvoiceDocument, sums: Totals, words: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    yield words["net_total"], sums.net, False
    yield words["tax_total"], sums.tax, False
    if sums.rounding:
        yield words["rounding"], sums.rounding, False
    yield words["grand_total"], sums.gross, True
    if document.kind == "credit_note":
        return
    if sums.paid:
        yield words["paid"], -sums.paid, False
    yield words["due"], sums.due, True


def _remarks(document: InvoiceDocument, sums: Totals, words: dict[str, str]) -> Iterator[str]:
    yield from dict.fromkeys(line.text for line in document.lines if line.text)
    yield from document.mentions
    if document.kind == "credit_note":
        yield words["refunded"]
    elif not sums.due:
        yield words["settled"]
    elif not document.due_date:
        yield words["due_at_once"]
    yield from document.notes


def _parties(document: InvoiceDocument, words: dict[str, str]) -> Iterator[dict[str, Any]]:
    number = document.buyer.vat_number
    about = [f"{words['vat_number']} {number}"] if number else []
    yield {
        "title": words["buyer"],
        "name": _legal_name(document.buyer),
        "lines": [*_address(document.buyer, document.locale), *about],
    }
    if document.delivery:
        lines = _address(document.delivery, document.locale)
        yield {"title": words["delivery"], "name": document.delivery.name, "lines": lines}


def _facts(document: InvoiceDocument, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    def day(value: date) -> str:
        return format_date(value, format="long", locale=document.locale)

    yield words["issue_date"], day(document.issue_date)
    yield words["supply_date"], day(document.supply_date)
    if document.corrects:
        yield words["corrects"], f"{document.corrects.number} ({day(document.corrects.issue_date)})"
    if document.order_number:
        yield words["order_number"], document.order_number
    if document.buyer_reference:
        yield words["buyer_reference"], document.buyer_reference
    if document.due_date and document.kind == "invoice":
        yield words["due_date"], day(document.due_date)


def _footer(seller: Party, words: dict[str, str]) -> Iterator[str]:
    yield _legal_name(seller)
    for name in ("vat_number", "tax_number", "register_number", "permit_number"):
        if value := getattr(seller, name):
            yield f"{words[name]} {value}"
    if seller.iban:
        yield f"IBAN {seller.iban}"
    if seller.email:
        yield seller.email


def _legal_name(party: Party) -> str:
    known = party.legal_form and not party.name.endswith(party.legal_form)
    return f"{party.name} {party.legal_form}" if known else party.name


def _address(place: Place, locale: str) -> list[str]:
    town = " ".join(filter(None, (place.postcode, place.city)))
    country = Locale.parse(locale).territories.get(place.country, place.country)
    return [text for text in (place.street, place.street2, town, place.region, country) if text]


def _rate(category: str, rate_bp: int, locale: str) -> str:
    percent = format_decimal(Decimal(rate_bp).scaleb(-2).normalize(), locale=locale)
    return f"{percent}\u00a0%" if category == "S" else f"{percent}\u00a0% ({category})"
