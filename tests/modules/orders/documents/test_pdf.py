"""The PDF: it holds the XML, says the same in four languages, and prints whatever people are called."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from orion_orders.documents.files import make_files
from orion_orders.documents.model import Party
from orion_orders.documents.pdf import build_pdf
from orion_orders.documents.xml import build_cii
from tests.modules.orders.documents.samples import BUYER, DIVERSE, a_document, a_line

WORDS = {
    "en": ("Invoice", "Amount due"),
    "fr": ("Facture", "Net à payer"),
    "de": ("Rechnung", "Zu zahlen"),
    "lb": ("Rechnung", "Ze bezuelen"),
}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in read(pdf).pages).split())


@pytest.mark.parametrize("locale", WORDS)
def test_the_pdf_speaks_the_buyers_language(locale: str) -> None:
    document = a_document(a_line(discount_minor=100, options="blue"), locale=locale, mentions=("Law",), notes=("Hi",))
    text = text_of(make_files(document).pdf)
    expected = [*WORDS[locale], "2026-000017", "Léa Müller", "Mug", "blue", "LU12345613", "B123456", "Law", "Hi"]
    assert [word for word in expected if word not in text] == []


def test_the_pdf_is_an_archive_with_the_xml_inside() -> None:
    files = make_files(DIVERSE["two rates and discounts"])
    reader = read(files.pdf)
    assert reader.attachments == {"factur-x.xml": [files.cii]}
    metadata = reader.root_object["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    for word in ("<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>", "EN 16931", "INVOICE"):
        assert word in metadata
    assert reader.root_object["/OutputIntents"]


def test_sums_and_reasons_stand_on_it() -> None:
    text = text_of(make_files(DIVERSE["intra-EU goods"]).pdf)
    assert "Intra-Community supply" in text
    assert "0 % (K)" in text.replace("\u00a0", " ")
    assert "69,93" in text
    assert "Belgien" in text
    assert "DE136695976" in text


def test_a_long_invoice_has_numbered_pages() -> None:
    text = text_of(make_files(a_document(*(a_line(number) for number in range(1, 81)))).pdf)
    assert "Page 1 of 4" in text
    assert "Page 4 of 4" in text


def test_what_cannot_be_printed_is_replaced_and_told() -> None:
    document = a_document(buyer=BUYER.model_copy(update={"name": "王小明 😀"}))
    files = make_files(document)
    assert "王小明 😀".encode() in files.cii
    assert "??? ?" in text_of(files.pdf)
    assert "the attached XML holds them" in text_of(files.pdf)


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_any_name_can_be_printed(name: str) -> None:
    buyer = Party.model_validate({**BUYER.model_dump(), "name": f"_{name}"})
    document = a_document(buyer=buyer)
    assert build_pdf(document, build_cii(document)).startswith(b"%PDF")


def test_files_are_made_in_time_for_a_transaction() -> None:
    make_files(DIVERSE["plain"])
    best = min(_seconds() for _ in range(5))
    assert best < 0.25  # 0.05 s on an idle machine


def _seconds() -> float:
    started = time.perf_counter()
    make_files(DIVERSE["two rates and discounts"])
    return time.perf_counter() - started
