"""What stands on an invoice or credit note when it is issued: this is kept, hashed and turned into files."""

import json
import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")


def _clean(text: str) -> str:
    """XML takes no control characters, and no header or address needs them."""
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub(" ", text)).strip()


Text = Annotated[str, AfterValidator(_clean)]
Required = Annotated[str, AfterValidator(_clean), Field(min_length=1)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Minor = Annotated[int, Field(ge=0)]
"""An amount in minor units of the document's currency; credit notes have positive amounts, too."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """A name with an address."""

    name: Required
    street: Text = ""
    street2: Text = ""
    postcode: Text = ""
    city: Text = ""
    region: Text = ""
    country: Country


class Party(Place):
    """A seller or buyer with what the law wants to know of them."""

    legal_form: Text = ""
    """Such as ``S.à r.l.``."""
    vat_number: Text = ""
    tax_number: Text = ""
    """A local number, for sellers without a VAT number."""
    register_number: Text = ""
    """Number in the trade register, such as ``B123456`` in Luxembourg's RCS."""
    permit_number: Text = ""
    """Number of the business permit."""
    iban: Text = ""
    email: Text = ""


class Line(_Frozen):
    """A line; amounts include tax, ``total = unit_price * quantity - discount``."""

    position: Annotated[int, Field(ge=1)]
    sku: Text = ""
    title: Required
    options: Text = ""
    quantity: Annotated[int, Field(ge=1)]
    unit_price_minor: Minor
    discount_minor: Minor = 0
    total_minor: Minor
    category: Literal["S", "Z", "E", "AE", "K", "G", "O"]
    """VAT category of EN 16931 (BT-151)."""
    rate_bp: Annotated[int, Field(ge=0, lt=10_000)]
    reason: Text = ""
    """Why, as the tax decision calls it; for the record, not shown."""
    vatex: Text = ""
    """Code of the exemption (BT-121)."""
    text: Text = ""
    """What the document has to say about it (BT-120), in its language."""


class Correction(_Frozen):
    """The invoice that a credit note corrects."""

    number: Required
    issue_date: date


class InvoiceDocument(_Frozen):
    """An invoice or credit note.

    ``notes`` are the seller's own words, ``mentions`` what the law makes it say, both in the document's language.
    """

    kind: Literal["invoice", "credit_note"]
    number: Required
    issue_date: date
    supply_date: date
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    locale: Literal["en", "fr", "de", "lb"]
    seller: Party
    buyer: Party
    delivery: Place | None = None
    order_number: Text = ""
    buyer_reference: Text = ""
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    notes: tuple[Required, ...] = ()
    mentions: tuple[Required, ...] = ()
    corrects: Correction | None = None
    paid_minor: Minor = 0
    due_date: date | None = None

    def canonical(self) -> bytes:
        """Return the document as bytes that are always the same for the same content, to be hashed."""
        return canonical(self.model_dump(mode="json"))


def canonical(plain: dict[str, Any]) -> bytes:
    """Return a document's plain values as bytes to be hashed, as they are: what a later model adds is not in them.

    Args:
        plain: As it was kept.
    """
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
