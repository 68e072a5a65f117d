"""What stands on an order's invoice and credit notes: the seller, the buyer, and lines exactly as they were sold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Literal, cast

from pydantic import ValidationError

from orion_core.context import current_context
from orion_core.tax import mention
from orion_orders.config import OrdersConfig
from orion_orders.documents.files import DocumentInvalid
from orion_orders.documents.model import Correction, InvoiceDocument, Line, Party, Place
from orion_orders.models import Invoice, Order, OrderCredit, OrderItem

LOCALES = ("en", "fr", "de", "lb")


_: Callable[[str], str] = str
"""Marks what stores read in the register."""


@contextmanager
def _told_as(problem: str) -> Iterator[None]:
    """Have what cannot stand on a document be found like what is missing, such as a name without one printable sign."""
    try:
        yield
    except ValidationError as error:
        raise DocumentInvalid([problem]) from error


@_told_as(_("a part of the document cannot be read"))
def invoice_document(
    config: OrdersConfig,
    order: Order,
    items: Sequence[OrderItem],
    credits_: Iterable[OrderCredit],
    on: date,
    *,
    supplied_on: date,
    charged_minor: int = 0,
) -> InvoiceDocument | None:
    """Return an order's invoice without its number, or ``None`` if nothing is left to be invoiced.

    Args:
        config: How the store sells, and who it is.
        order: The order.
        items: Those that stand on no invoice yet.
        credits_: What of them need not be paid any more.
        on: Day of issue.
        supplied_on: Day of supply.
        charged_minor: What earlier documents of the order ask for; payments count towards that first.

    Raises:
        DocumentInvalid: Something cannot stand on a document.
    """
    gone: dict[Any, tuple[int, int]] = {}
    for credit in credits_:
        pieces, amount = gone.get(credit.item_id, (0, 0))
        gone[credit.item_id] = pieces + credit.pieces, amount + credit.amount_minor
    lines = []
    for item in items:
        pieces, amount = gone.get(item.id, (0, 0))
        if item.quantity > pieces:
            lines.append(_line(order, item, item.quantity - pieces, item.total_minor - amount))
    if not lines:
        return None
    total = sum(line.total_minor for line in lines)
    paid = order.paid_minor - order.refunded_minor - charged_minor
    return _document(
        config,
        order,
        lines,
        kind="invoice",
        buyer=_buyer_of(order),
        delivery=_delivery_of(order),
        issue_date=on,
        supply_date=supplied_on,
        paid_minor=max(0, min(total, paid)),
        due_date=on + timedelta(days=config.payment_days),
    )


@_told_as(_("a part of the document cannot be read"))
def credit_document(
    config: OrdersConfig,
    order: Order,
    invoice: Invoice,
    credited: Sequence[tuple[OrderCredit, OrderItem]],
    on: date,
) -> InvoiceDocument:
    """Return a credit note without its number.

    Args:
        config: How the store sells, and who it is.
        order: The order.
        invoice: What it corrects.
        credited: What need not be paid any more, with its items.
        on: Day of issue.

    Raises:
        DocumentInvalid: Something cannot stand on a document.
    """
    lines = [
        _line(order, item, credit.pieces, credit.amount_minor, position)
        for position, (credit, item) in enumerate(credited, start=1)
    ]
    # Buyer and supply as on the invoice: the order may have been made anonymous since.
    corrected = InvoiceDocument.model_validate(invoice.document)
    return _document(
        config,
        order,
        lines,
        kind="credit_note",
        buyer=corrected.buyer,
        delivery=corrected.delivery,
        issue_date=on,
        supply_date=corrected.supply_date,
        corrects=Correction(number=invoice.number, issue_date=invoice.issued_on),
    )


def _document(
    config: OrdersConfig, order: Order, lines: Sequence[Line], *, kind: Literal["invoice", "credit_note"], **values: Any
) -> InvoiceDocument:
    return InvoiceDocument(
        number="?",
        kind=kind,
        currency=order.currency,
        locale=cast("Any", _locale(order)),
        seller=seller_of(config),
        order_number=order.number,
        lines=tuple(lines),
        **values,
    )


@_told_as(_("the seller's name cannot be printed, or the country is no code of two letters"))
def seller_of(config: OrdersConfig) -> Party:
    """Return who sells: as it is set, else under the merchant's name."""
    tenant = current_context().tenant
    name = config.seller_name or (tenant.merchant.name if tenant and tenant.merchant else "?")
    return Party(
        name=name,
        legal_form=config.seller_legal_form,
        street=config.seller_street,
        postcode=config.seller_postcode,
        city=config.seller_city,
        country=config.seller_country,
        vat_number=config.seller_vat_number,
        tax_number=config.seller_tax_number,
        register_number=config.seller_register_number,
        permit_number=config.seller_permit_number,
        iban=config.seller_iban,
        email=config.seller_email,
    )


@_told_as(_("the buyer's name cannot be printed, or the country is no code of two letters"))
def _buyer_of(order: Order) -> Party:
    """Return who bought. The e-mail address is left out: EN 16931 needs none, and a document is kept for ten years."""
    address = order.billing_address or order.shipping_address or {}
    return Party(
        name=address.get("company") or address.get("name") or order.number,
        street=address.get("line1") or "",
        street2=address.get("line2") or "",
        postcode=address.get("postal_code") or "",
        city=address.get("city") or "",
        country=address.get("country") or "LU",
        vat_number="" if order.tax_number_status == "invalid" else order.tax_number or "",
    )


@_told_as(_("the recipient's name cannot be printed, or the country is no code of two letters"))
def _delivery_of(order: Order) -> Place | None:
    """Return where the goods go, if that is not the buyer's address; it decided the tax."""
    address = order.shipping_address
    if not address or address == order.billing_address or order.shipping.get("is_pickup"):
        return None
    return Place(
        name=address.get("company") or address.get("name") or order.number,
        street=address.get("line1") or "",
        street2=address.get("line2") or "",
        postcode=address.get("postal_code") or "",
        city=address.get("city") or "",
        country=address.get("country") or "LU",
    )


@_told_as(_("an article's title cannot be printed"))
def _line(order: Order, item: OrderItem, pieces: int, total: int, position: int | None = None) -> Line:
    vatex, text = mention(item.tax_reason, item.tax_country, _locale(order))
    return Line(
        position=position or item.position,
        sku=item.sku,
        title=item.title,
        options=", ".join(f"{name}: {value}" for name, value in item.options.items()),
        quantity=pieces,
        unit_price_minor=item.unit_price_minor,
        discount_minor=item.unit_price_minor * pieces - total,
        total_minor=total,
        category=cast("Any", item.tax_category),
        rate_bp=item.tax_rate_bp,
        reason=item.tax_reason,
        vatex=vatex,
        text=text,
    )


def _locale(order: Order) -> str:
    language = order.locale.partition("-")[0]
    return language if language in LOCALES else "en"
