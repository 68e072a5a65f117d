"""Our own checks: what is issued closes to the cent and says what the law wants; what does not is named."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from orion_orders.documents.amounts import totals
from orion_orders.documents.checks import check_cents, check_content
from orion_orders.documents.files import DocumentInvalid, make_files
from orion_orders.documents.model import InvoiceDocument
from tests.modules.orders.documents.samples import (
    BUYER,
    DIVERSE,
    FIRM,
    SELLER,
    SMALL,
    a_credit_note,
    a_document,
    a_line,
    documents,
)


def holds(document: InvoiceDocument) -> None:
    sums = totals(document)
    assert check_content(document) == []
    assert check_cents(document, sums) == []
    assert sums.net + sums.tax + sums.rounding == sums.gross == sum(line.total_minor for line in document.lines)
    assert abs(sums.rounding) <= len(sums.groups)


@settings(max_examples=300, deadline=None)
@given(documents())
def test_every_document_closes_to_the_cent(document: InvoiceDocument) -> None:
    holds(document)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(documents())
def test_ten_thousand_documents_close_to_the_cent(document: InvoiceDocument) -> None:
    holds(document)


@pytest.mark.parametrize("name", DIVERSE)
def test_the_samples_hold(name: str) -> None:
    holds(DIVERSE[name])


@settings(deadline=None)
@given(documents(), st.integers(0, 5), st.sampled_from([-60, -1, 1, 60]))
def test_a_cent_that_is_off_is_found_wherever_it_is(document: InvoiceDocument, place: int, cents: int) -> None:
    sums = totals(document)
    group, *others = sums.groups
    position = document.lines[0].position
    line = sums.lines[position]
    wrong = [
        replace(sums, net=sums.net + cents),
        replace(sums, tax=sums.tax + cents),
        replace(sums, gross=sums.gross + cents),
        replace(sums, groups=(replace(group, tax_minor=group.tax_minor + cents), *others), tax=sums.tax + cents),
        replace(sums, groups=(replace(group, net_minor=group.net_minor + cents), *others), net=sums.net + cents),
        replace(sums, lines={**sums.lines, position: replace(line, net=line.net + cents)}),
    ]
    assert check_cents(document, wrong[place])


def test_tax_that_is_sixty_cents_off_is_found() -> None:
    document = a_document(a_line(quantity=10))
    sums = totals(document)
    (group,) = sums.groups
    shifted = replace(group, tax_minor=group.tax_minor + 60)
    wrong = replace(sums, groups=(shifted,), tax=sums.tax + 60, rounding=sums.rounding - 60)
    assert check_cents(document, wrong) == [
        "S 17 %: its tax is not what the rate makes of its net sum",
        "S 17 %: net and tax miss the gross sum by more than a cent",
    ]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (a_document(a_line(total_minor=2996)), "line 1: price times quantity less discount is not its total"),
        (a_document(a_line(1), a_line(1)), "positions of lines are not unique"),
        (a_document(paid_minor=2998), "more is paid than is to pay"),
    ],
)
def test_lines_that_do_not_add_up_are_named(document: InvoiceDocument, problem: str) -> None:
    assert check_cents(document, totals(document))[:1] == [problem]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (a_document(a_line(category="AE")), "intra-EU supplies and reverse charge need the buyer's VAT number"),
        (a_document(a_line(category="K")), "intra-EU supplies and reverse charge need the buyer's VAT number"),
        (a_document(a_line(category="G"), seller=SMALL), "tax-free supplies abroad need the seller's VAT number"),
        (a_document(a_line(1, category="O"), a_line(2)), "what is outside the scope of VAT stands on a document"),
        (a_document(a_line(category="S", rate_bp=0)), "line 1: category S does not go with 0 %"),
        (a_document(a_line(category="Z", text="why")), "line 1: category Z has no reason to name"),
        (a_document(a_line(category="E", text="")), "line 1: category E needs its reason"),
        (a_document(seller=SMALL.model_copy(update={"tax_number": ""})), "the seller needs a VAT number or a local"),
        (a_document(seller=SELLER.model_copy(update={"city": ""})), "the seller's city is missing"),
        (a_document(buyer=FIRM.model_copy(update={"vat_number": "136695976"})), "the buyer's VAT number does not"),
        (a_credit_note(corrects=None), "a credit note has to name the invoice it corrects"),
        (a_credit_note(kind="invoice"), "an invoice corrects no other"),
        (a_document(currency="KWD"), "amounts in KWD have more decimals than EN 16931 allows"),
    ],
)
def test_what_the_law_misses_is_named_and_not_issued(document: InvoiceDocument, problem: str) -> None:
    assert [found[: len(problem)] for found in check_content(document)] == [problem]
    with pytest.raises(DocumentInvalid, match=problem.replace("(", r"\(")):
        make_files(document)


@settings(deadline=None)
@given(documents())
def test_a_document_survives_storage_and_has_one_canonical_form(document: InvoiceDocument) -> None:
    again = InvoiceDocument.model_validate_json(document.model_dump_json())
    assert again == document
    assert again.canonical() == document.canonical()


def test_another_cent_is_another_canonical_form() -> None:
    assert a_document(paid_minor=1).canonical() != a_document(paid_minor=2).canonical()


@pytest.mark.parametrize(
    "values",
    [{"name": "\n"}, {"country": "Luxembourg"}, {"name": "A", "country": ""}, {"nickname": "A"}],
)
def test_what_no_document_can_hold_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        type(BUYER).model_validate({**BUYER.model_dump(), **values})


def test_control_characters_do_not_get_into_a_document() -> None:
    party = type(BUYER).model_validate({**BUYER.model_dump(), "name": " Le\u0301a\x00\r\nMu\x07ller\u2028 "})
    assert party.name == "Léa Mu ller"
