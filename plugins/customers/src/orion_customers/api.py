"""All that other modules may use of customers: accounts as plain values, addresses, VAT numbers, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from orion_customers.events import CustomerErased, CustomerRegistered, EmailVerified, TaxNumberChecked
from orion_customers.exceptions import CustomerNotFound, InvalidTaxNumber
from orion_customers.schemas import Email, PostalAddress, normalise_email
from orion_customers.services import addresses, customers, groups, tax_numbers
from orion_customers.services.addresses import remember_address

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "CustomerErased",
    "CustomerNotFound",
    "CustomerRef",
    "CustomerRegistered",
    "Email",
    "EmailVerified",
    "InvalidTaxNumber",
    "PostalAddress",
    "SavedAddress",
    "TaxNumberChecked",
    "TaxNumberRef",
    "find_customer",
    "find_customer_by_email",
    "get_customer",
    "list_addresses",
    "normalise_email",
    "parse_tax_number",
    "remember_address",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxNumberRef:
    """A VAT number.

    Args:
        value: In compact form, with the country's prefix.
        country: ISO 3166-1 alpha-2.
        status: ``unchecked``, ``valid``, ``invalid`` or ``unavailable``; only ``valid`` is a business's.
        checked_at: When the register last answered.
    """

    value: str
    country: str
    status: str
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRef:
    """A customer's account as plain values.

    Args:
        id: Its id.
        number: The store's number for it.
        email: Address, in lower case.
        name: What to call them.
        company: Their company, if any.
        locale: Language they read.
        groups: Codes of their groups.
        is_blocked: Whether the store keeps them out.
        tax_number: Their VAT number, if given.
    """

    id: UUID
    number: str
    email: str
    name: str
    company: str
    locale: str
    groups: tuple[str, ...]
    is_blocked: bool
    tax_number: TaxNumberRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAddress:
    """An address of a customer's book."""

    id: UUID
    address: PostalAddress
    is_default_shipping: bool
    is_default_billing: bool


def find_customer(session: Session, customer_id: UUID) -> CustomerRef | None:
    """Return a customer of the current store, or ``None``.

    Args:
        session: A session of the store.
        customer_id: The customer.
    """
    found = customers.find_customer(session, customer_id)
    return _ref(session, found) if found else None


def get_customer(session: Session, customer_id: UUID) -> CustomerRef:
    """Return a customer of the current store.

    Args:
        session: A session of the store.
        customer_id: The customer.

    Raises:
        CustomerNotFound: There is none.
    """
    return _ref(session, customers.get_customer(session, customer_id))


def find_customer_by_email(session: Session, email: str) -> CustomerRef | None:
    """Return the customer of an address whose owner has proven it, or ``None``.

    Args:
        session: A session of the store.
        email: The address.
    """
    found = customers.find_by_email(session, normalise_email(email))
    return _ref(session, found) if found and found.email_verified_at else None


def list_addresses(session: Session, customer_id: UUID) -> list[SavedAddress]:
    """Return a customer's addresses, the defaults first.

    Args:
        session: A session of the store.
        customer_id: The customer.
    """
    return [
        SavedAddress(
            id=saved.id,
            address=PostalAddress.model_validate(saved.address),
            is_default_shipping=saved.is_default_shipping,
            is_default_billing=saved.is_default_billing,
        )
        for saved in addresses.list_addresses(session, customer_id)
    ]


def parse_tax_number(text: str) -> TaxNumberRef:
    """Return a VAT number somebody typed, its form checked offline, as ``unchecked``.

    Args:
        text: With the country's prefix; blanks and dots do not matter.

    Raises:
        InvalidTaxNumber: Form or check digit is wrong.
    """
    value, country = tax_numbers.parse_tax_number(text)
    return TaxNumberRef(value=value, country=country, status="unchecked")


def _ref(session: Session, customer: Any) -> CustomerRef:
    number = tax_numbers.find_tax_number(session, customer.id)
    return CustomerRef(
        id=customer.id,
        number=customer.number,
        email=customer.email,
        name=customer.name,
        company=customer.company,
        locale=customer.locale,
        groups=groups.groups_of(session, customer),
        is_blocked=customer.is_blocked,
        tax_number=TaxNumberRef(
            value=number.value, country=number.country, status=number.status, checked_at=number.checked_at
        )
        if number
        else None,
    )
