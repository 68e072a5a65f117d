"""From a document to its files, with everything that has to hold before it is issued."""

from dataclasses import dataclass

from orion_orders.documents.amounts import Totals, totals
from orion_orders.documents.checks import check_cents, check_content
from orion_orders.documents.model import InvoiceDocument
from orion_orders.documents.pdf import build_pdf
from orion_orders.documents.xml import build_cii, build_ubl, check_schema


class DocumentInvalid(ValueError):
    """A document must not be issued.

    Args:
        problems: Everything that is wrong with it.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFiles:
    """A document's sums and files; the PDF holds the CII."""

    sums: Totals
    cii: bytes
    ubl: bytes
    pdf: bytes


def make_files(document: InvoiceDocument) -> DocumentFiles:
    """Check a document and write its files. It takes some 50 ms and needs no database.

    Args:
        document: The document.

    Raises:
        DocumentInvalid: If it lacks something, does not add up to the cent, or is not valid by the schemas.
    """
    sums = totals(document)
    if problems := [*check_content(document), *check_cents(document, sums)]:
        raise DocumentInvalid(problems)
    cii, ubl = build_cii(document, sums), build_ubl(document, sums)
    if problems := [*check_schema(cii), *check_schema(ubl)]:
        raise DocumentInvalid(problems)
    return DocumentFiles(sums=sums, cii=cii, ubl=ubl, pdf=build_pdf(document, cii, sums))
