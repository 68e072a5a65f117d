"""Documents to test with: one of each kind by hand, and any number of made-up ones."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from orion_orders.documents.model import Correction, InvoiceDocument, Line, Party, Place

SELLER = Party(
    name="Atelier Haff",
    legal_form="S.à r.l.",
    street="1, rue du Port",
    postcode="L-5555",
    city="Remich",
    country="LU",
    vat_number="LU12345613",
    register_number="B123456",
    permit_number="10012345/0",
    iban="LU28 0019 4006 4475 0000",
    email="shop@haff.example",
)
SMALL = SELLER.model_copy(update={"vat_number": "", "tax_number": "2020 2201 234"})
BUYER = Party(name="Léa Müller", street="Hauptstr. 1", postcode="54290", city="Trier", country="DE")
FIRM = Party(name="Kontor Sauer GmbH", street="Am Markt 2", city="Trier", country="DE", vat_number="DE136695976")
DEPOT = Place(name="Kontor Sauer, Lager", street="Am Hafen 9", postcode="6700", city="Arlon", country="BE")
WHY = {
    "E": ("", "TVA non applicable, art. 57 (1)"),
    "AE": ("VATEX-EU-AE", "Reverse charge"),
    "K": ("VATEX-EU-IC", "Intra-Community supply"),
    "G": ("VATEX-EU-G", "Export outside the EU"),
    "O": ("VATEX-EU-O", "Not subject to VAT"),
}


def a_line(position: int = 1, **values: Any) -> Line:
    """Return a line; its total follows from the rest unless given."""
    given: dict[str, Any] = {"quantity": 3, "unit_price_minor": 999, "discount_minor": 0, "category": "S", **values}
    given.setdefault("rate_bp", 1700 if given["category"] == "S" else 0)
    given.setdefault("total_minor", given["quantity"] * given["unit_price_minor"] - given["discount_minor"])
    vatex, text = WHY.get(given["category"], ("", ""))
    return Line(position=position, **{"sku": "M-1", "title": "Mug", "vatex": vatex, "text": text, **given})


def a_document(*lines: Line, **values: Any) -> InvoiceDocument:
    """Return an invoice over a mug and more, unless told otherwise."""
    given: dict[str, Any] = {
        "kind": "invoice",
        "number": "2026-000017",
        "issue_date": date(2026, 3, 2),
        "supply_date": date(2026, 3, 1),
        "locale": "en",
        "seller": SELLER,
        "buyer": BUYER,
        "order_number": "260301-7K3Q9F",
        "due_date": date(2026, 3, 20),
        **values,
    }
    return InvoiceDocument(lines=lines or (a_line(),), **given)


def a_credit_note(*lines: Line, **values: Any) -> InvoiceDocument:
    corrects = Correction(number="2026-000017", issue_date=date(2026, 3, 2))
    return a_document(*lines, **{"kind": "credit_note", "number": "G-3", "corrects": corrects, **values})


DIVERSE = {
    "plain": a_document(),
    "two rates and discounts": a_document(
        a_line(1, discount_minor=100, options="blue, 0.3 l"),
        a_line(2, quantity=7, unit_price_minor=3, discount_minor=1, rate_bp=300),
        a_line(3, quantity=1, unit_price_minor=495, title="Delivery", sku="post"),
    ),
    "a cent of rounding": a_document(a_line(quantity=1, unit_price_minor=3)),
    "free of charge": a_document(a_line(1), a_line(2, discount_minor=2997)),
    "paid": a_document(paid_minor=2997, due_date=None),
    "partly paid, at once": a_document(paid_minor=1000, due_date=None, locale="fr"),
    "credit note": a_credit_note(a_line(1, quantity=2), a_line(2, quantity=1, unit_price_minor=3, rate_bp=800)),
    "small enterprise": a_document(a_line(category="E"), seller=SMALL, locale="lb"),
    "zero rated": a_document(a_line(1, category="Z"), a_line(2)),
    "reverse charge": a_document(a_line(category="AE"), buyer=FIRM),
    "intra-EU goods": a_document(a_line(category="K", quantity=7), buyer=FIRM, delivery=DEPOT, locale="de"),
    "export": a_document(a_line(category="G"), buyer=BUYER.model_copy(update={"country": "US", "region": "Ohio"})),
    "outside the scope": a_document(a_line(category="O"), buyer=FIRM),
    "in francs": a_document(a_line(quantity=1, unit_price_minor=3), currency="CHF"),
}

_TEXT = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip().strip("\x00")))
_LINE = st.tuples(
    st.integers(1, 500), st.integers(0, 100_000) | st.integers(0, 20), st.integers(0, 100), st.integers(0, 4)
)
_RATES = [1700, 1400, 800, 300, 2550]
_CASES = st.sampled_from(["S", "S", "S", "E", "AE", "K", "G", "O", "Z"])


@st.composite
def documents(draw: st.DrawFn) -> InvoiceDocument:
    """Draw a document that is all right."""
    category = draw(_CASES)
    lines = []
    for position, (quantity, price, percent, rate) in enumerate(draw(st.lists(_LINE, min_size=1, max_size=12)), 1):
        mixed = category == "S" or (category == "Z" and position % 2)
        values = {"category": "S", "rate_bp": _RATES[rate]} if mixed else {"category": category}
        discount = quantity * price * percent // 100
        lines.append(a_line(position, quantity=quantity, unit_price_minor=price, discount_minor=discount, **values))
    gross = sum(line.total_minor for line in lines)
    make = draw(st.sampled_from([a_document, a_credit_note]))
    made: InvoiceDocument = make(
        *lines,
        buyer=FIRM if category in {"AE", "K", "O"} else BUYER,
        seller=SMALL if category == "E" else SELLER,
        locale=draw(st.sampled_from(["en", "fr", "de", "lb"])),
        paid_minor=draw(st.integers(0, gross)),
        due_date=draw(st.sampled_from([None, date(2026, 3, 20)])),
        notes=tuple(draw(st.lists(st.sampled_from(["Merci", "Äddi & bis <geschwënn>"]), max_size=2))),
    )
    return made
