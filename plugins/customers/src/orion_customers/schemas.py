"""What customers and staff hand in and get back."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def normalise_email(text: str) -> str:
    """Return an address as accounts are compared by: trimmed, in lower case.

    Raises:
        ValueError: If it cannot be an e-mail address.
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise ValueError("This is not an e-mail address")
    return email


Email = Annotated[str, AfterValidator(normalise_email)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(max_length=200)]


class PostalAddress(BaseModel):
    """Where something is delivered or invoiced to.

    Args:
        name: Who receives it.
        company: Their company.
        line1: Street and number.
        line2: Floor, care of.
        postal_code: Postal code, where there is one.
        city: Town.
        country: ISO 3166-1 alpha-2, in capitals.
        phone: For the carrier.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: Name
    company: Short = ""
    line1: Name
    line2: Short = ""
    postal_code: Annotated[str, Field(max_length=20)] = ""
    city: Name
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    phone: Annotated[str, Field(max_length=40)] = ""


class AddressInput(PostalAddress):
    is_default_shipping: bool = False
    is_default_billing: bool = False


class RegisterInput(BaseModel):
    email: Email
    name: Name
    password: Annotated[str, Field(max_length=200)]
    newsletter: bool = False


class SignInInput(BaseModel):
    email: Short = ""
    password: Annotated[str, Field(max_length=200)] = ""
    next: str = ""


class ForgotInput(BaseModel):
    email: Email


class NewPasswordInput(BaseModel):
    token: str
    password: Annotated[str, Field(max_length=200)]


class ChangePasswordInput(BaseModel):
    current: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=200)]


class ProfileInput(BaseModel):
    name: Name
    company: Short = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    tax_number: Annotated[str, Field(max_length=30)] = ""


class StaffInput(BaseModel):
    """What a store's team may change of a customer."""

    name: Name
    company: Short = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    note: Annotated[str, Field(max_length=5000)] = ""
    groups: list[str] = []
    version: int | None = None


class GroupInput(BaseModel):
    code: Annotated[str, Field(pattern=_CODE, max_length=60)]
    name: Name


class CustomerOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    email: str
    name: str
    company: str
    phone: str
    locale: str
    is_blocked: bool
    email_verified_at: datetime | None
    created_at: datetime
    version: int


class AddressOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    address: PostalAddress
    is_default_shipping: bool
    is_default_billing: bool


class SessionOut(BaseModel):
    """A session: send its token as ``Authorization: Bearer``."""

    token: str
    expires_in: int


class WishOut(BaseModel):
    variant_id: UUID
    title: str
    slug: str
    price_minor: int
    currency: str


class ConsentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    purpose: str
    given: bool
    text_version: str
    at: datetime
