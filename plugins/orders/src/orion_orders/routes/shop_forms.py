"""What the shop's forms send, read into what the services take, with each mistake at its field."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orion_core.errors import InvalidInput
from orion_customers.api import PostalAddress
from orion_orders.config import MAX_QUANTITY
from orion_orders.schemas import CheckoutInput

M = TypeVar("M", bound=BaseModel)
NEW_ADDRESS = "new"
BILLING = "billing_"
REQUIRED = "This field is required"
MESSAGES = {
    "missing": REQUIRED,
    "string_too_short": REQUIRED,
    "string_too_long": "This is too long",
    "string_pattern_mismatch": "Choose from the list",
    "uuid_parsing": "Choose from the list",
}


class LineForm(BaseModel):
    variant_id: UUID
    quantity: int = Field(default=1, ge=1, le=MAX_QUANTITY)


class QuantityForm(BaseModel):
    quantity: int = Field(default=0, ge=0, le=MAX_QUANTITY)
    remove: bool = False


class CodeForm(BaseModel):
    code: str = Field(default="", max_length=60)


class CheckoutForm(BaseModel):
    """The checkout's one page as it was typed; ``read_checkout`` makes sense of it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: str = ""
    address: str = NEW_ADDRESS
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""
    billing_name: str = ""
    billing_company: str = ""
    billing_line1: str = ""
    billing_line2: str = ""
    billing_postal_code: str = ""
    billing_city: str = ""
    billing_country: str = ""
    shipping_method_id: str = ""
    tax_number: str = ""
    note: str = ""


class PlaceForm(BaseModel):
    cart_id: UUID
    key: str = Field(min_length=1, max_length=200)
    expected_total_minor: int = Field(ge=0, le=2**31 - 1)
    accept_terms: bool = False


def read_checkout(typed: CheckoutForm, saved: Mapping[str, PostalAddress], email: str, code: str) -> CheckoutInput:
    """Return what the checkout takes down.

    Args:
        typed: What was typed.
        saved: The customer's addresses to choose from, by id.
        email: The customer's own address, which goes before a typed one.
        code: The promotion's code that is on the cart already.

    Raises:
        InvalidInput: With the mistakes by field of the form.
    """
    errors: dict[str, str] = {}
    shipping = saved.get(typed.address) or _read(PostalAddress, _part(typed), "", errors)
    differs = any(value for name, value in _part(typed, BILLING).items() if name != "country")
    billing = _read(PostalAddress, _part(typed, BILLING), BILLING, errors) if differs else None
    given = {"email": email or typed.email, "shipping_method_id": typed.shipping_method_id}
    errors |= {name: REQUIRED for name, value in given.items() if not value}
    given |= {"tax_number": typed.tax_number, "note": typed.note, "promotion_code": code}
    checkout = _read(CheckoutInput, given, "", errors)
    if checkout is None or errors:
        raise InvalidInput(errors={name: errors[name] for name in CheckoutForm.model_fields if name in errors})
    return checkout.model_copy(update={"shipping_address": shipping, "billing_address": billing})


def address_values(address: Mapping[str, Any] | None, prefix: str = "") -> dict[str, Any]:
    """Return an address as the form's fields."""
    return {f"{prefix}{name}": (address or {}).get(name, "") for name in PostalAddress.model_fields}


def _part(typed: CheckoutForm, prefix: str = "") -> dict[str, str]:
    return {name: getattr(typed, f"{prefix}{name}", "") for name in PostalAddress.model_fields}


def _read(model: type[M], given: Mapping[str, str], prefix: str, errors: dict[str, str]) -> M | None:
    try:
        return model.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        for item in error.errors():
            message = MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
            errors.setdefault(f"{prefix}{item['loc'][0]}", message)
        return None
