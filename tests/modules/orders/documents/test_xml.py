"""The two XML syntaxes: valid by their schemas, by the official rules, and equal in what they say."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from lxml import etree  # type: ignore[import-untyped]

from orion_orders.documents import rules
from orion_orders.documents.amounts import totals
from orion_orders.documents.checks import check_cents
from orion_orders.documents.model import InvoiceDocument
from orion_orders.documents.terms import unit_price
from orion_orders.documents.xml import build_cii, build_ubl, check_schema
from tests.modules.orders.documents.samples import BUYER, DIVERSE, a_document, a_line, documents


def both(document: InvoiceDocument) -> list[bytes]:
    return [build_cii(document), build_ubl(document)]


def values(xml: bytes, name: str) -> list[str]:
    return [str(text) for text in etree.fromstring(xml).xpath(f"//*[local-name()='{name}']/text()")]


@pytest.mark.skipif(not rules.available(), reason="Saxon is not installed")
def test_the_official_rules_find_nothing_wrong() -> None:
    names = [name for name in DIVERSE for _ in range(2)]
    found = rules.validate([xml for document in DIVERSE.values() for xml in both(document)])
    assert {name: each for name, each in zip(names, found, strict=True) if each} == {}


@pytest.mark.skipif(not rules.available(), reason="Saxon is not installed")
def test_the_official_rules_find_what_is_missing_and_let_sixty_cents_pass() -> None:
    no_number = build_cii(a_document(a_line(category="AE")))
    document = a_document(a_line(quantity=10))
    sums = totals(document)
    (group,) = sums.groups
    shifted = replace(group, tax_minor=group.tax_minor + 60)
    wrong = replace(sums, groups=(shifted,), tax=sums.tax + 60, rounding=sums.rounding - 60)
    missing, *passed = rules.validate([no_number, build_cii(document, wrong), build_ubl(document, wrong)])
    assert any("BR-AE-02" in each for each in missing)
    assert passed == [[], []]
    assert check_cents(document, wrong)


@pytest.mark.slow
@pytest.mark.skipif(not rules.available(), reason="Saxon is not installed")
def test_three_hundred_documents_hold_by_the_official_rules() -> None:
    drawn: list[InvoiceDocument] = []

    @settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])
    @given(documents())
    def draw(document: InvoiceDocument) -> None:
        drawn.append(document)

    draw()
    assert len(drawn) == 300
    assert len({line.category for document in drawn for line in document.lines}) == 7
    found = rules.validate([xml for document in drawn for xml in both(document)])
    assert [each for each in found if each] == []


@settings(max_examples=100, deadline=None)
@given(documents())
def test_every_document_is_valid_by_its_schemas_and_says_the_same_in_both(document: InvoiceDocument) -> None:
    cii, ubl = both(document)
    assert check_schema(cii) == check_schema(ubl) == []
    assert values(cii, "GrandTotalAmount") == values(ubl, "TaxInclusiveAmount")
    assert values(cii, "DuePayableAmount") == values(ubl, "PayableAmount")
    nets = values(ubl, "LineExtensionAmount")
    assert values(cii, "LineTotalAmount")[:-1] == nets[1:]
    assert sum(map(Decimal, nets[1:])) == Decimal(nets[0])


@pytest.mark.parametrize(("minor", "quantity"), [(2561, 3), (1000, 4), (1, 7), (0, 5), (999_999, 499)])
def test_a_line_follows_exactly_from_its_price(minor: int, quantity: int) -> None:
    price, per = unit_price(minor, quantity, "EUR")
    assert price * quantity / per == Decimal(minor) / 100
    assert price == price.quantize(Decimal("0.0001"))


def test_a_credit_note_names_what_it_corrects() -> None:
    cii, ubl = both(DIVERSE["credit note"])
    assert etree.QName(etree.fromstring(ubl)).localname == "CreditNote"
    assert (values(cii, "TypeCode")[0], values(ubl, "CreditNoteTypeCode")) == ("381", ["381"])
    assert "2026-000017" in values(cii, "IssuerAssignedID")
    assert b"<cac:BillingReference>" in ubl


def test_rounding_has_the_documents_currency() -> None:
    assert b'PayableRoundingAmount currencyID="CHF"' in build_ubl(DIVERSE["in francs"])


def test_texts_cannot_break_out_of_the_xml() -> None:
    name = "</ram:Name><x>&lt;]]>"
    for xml in both(a_document(buyer=BUYER.model_copy(update={"name": name}))):
        assert check_schema(xml) == []
        assert name in values(xml, "Name") + values(xml, "RegistrationName")


def test_what_is_not_valid_is_named() -> None:
    broken = build_cii(a_document()).replace(b"<ram:TypeCode>380</ram:TypeCode>", b"")
    assert any("TypeCode" in each for each in check_schema(broken))
