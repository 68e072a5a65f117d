"""Who sells: what a store may say about it on its invoices, kept as settings of the store."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from stdnum import iban
from stdnum.exceptions import ValidationError

from orion_core.context import current_context
from orion_core.errors import InvalidInput
from orion_core.services.audit import audit
from orion_core.services.settings import change_setting, get_settings
from orion_core.tax import EU
from orion_customers.api import InvalidTaxNumber, parse_tax_number
from orion_orders.config import OrdersConfig


def change_seller(session: Session, given: Mapping[str, Any]) -> None:
    """Say who sells in the current store. Documents that were issued, and taxes of placed orders, stay as they are.

    What is as it was keeps coming from where it is set: the store, its merchant, the platform.

    Args:
        session: A session of the store.
        given: Settings by name; country, VAT number and account are among them.

    Raises:
        InvalidInput: The VAT number or the account cannot be one.
    """
    clean = {
        "seller_vat_number": _vat_number(given["seller_vat_number"], given["seller_country"]),
        "seller_iban": _iban(given["seller_iban"]),
    }
    before = get_settings(session, OrdersConfig)
    changed = {name: value for name, value in {**given, **clean}.items() if value != getattr(before, name)}
    for name, value in changed.items():
        change_setting(session, OrdersConfig, name, value, "store")
    if changed:
        audit(session, "orders.change_seller", current_context().store, **changed)


def _vat_number(text: str, country: str) -> str:
    """Return the number in its compact form; outside the EU its form is not known here."""
    if not text or country not in EU:
        return text
    try:
        return parse_tax_number(text).value
    except InvalidTaxNumber as error:
        raise InvalidInput(errors={"seller_vat_number": error.title}) from error


def _iban(text: str) -> str:
    if not text:
        return ""
    try:
        return str(iban.validate(text))
    except ValidationError as error:
        raise InvalidInput(errors={"seller_iban": "This is not an IBAN"}) from error
