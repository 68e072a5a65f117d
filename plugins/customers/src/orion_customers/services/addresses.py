"""A customer's address book."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from orion_core.errors import NotFound
from orion_customers.models import CustomerAddress
from orion_customers.schemas import AddressInput, PostalAddress

_DEFAULTS = ("is_default_shipping", "is_default_billing")


def list_addresses(session: Session, customer_id: UUID) -> list[CustomerAddress]:
    """Return the addresses, the defaults first."""
    statement = select(CustomerAddress).where(CustomerAddress.customer_id == customer_id)
    order = (CustomerAddress.is_default_shipping.desc(), CustomerAddress.is_default_billing.desc(), CustomerAddress.id)
    return list(session.scalars(statement.order_by(*order)))


def get_address(session: Session, customer_id: UUID, address_id: UUID) -> CustomerAddress:
    wanted = (CustomerAddress.id == address_id, CustomerAddress.customer_id == customer_id)
    address = session.scalars(select(CustomerAddress).where(*wanted)).one_or_none()
    if address is None:
        raise NotFound("there is no such address")
    return address


def save_address(
    session: Session, customer_id: UUID, given: AddressInput, address_id: UUID | None = None
) -> CustomerAddress:
    """Add or change an address; the first one becomes the default for both purposes."""
    first = not list_addresses(session, customer_id)
    flags = {name: getattr(given, name) or first for name in _DEFAULTS}
    for name, wanted in flags.items():
        if wanted:
            others = update(CustomerAddress).where(CustomerAddress.customer_id == customer_id)
            session.execute(others.values({name: False}))
    if address_id is None:
        saved = CustomerAddress(customer_id=customer_id, address=_plain(given))
        session.add(saved)
    else:
        saved = get_address(session, customer_id, address_id)
        session.refresh(saved)
        saved.address = _plain(given)
    for name, wanted in flags.items():
        setattr(saved, name, wanted)
    session.flush()
    return saved


def delete_address(session: Session, customer_id: UUID, address_id: UUID) -> None:
    session.delete(get_address(session, customer_id, address_id))


def remember_address(session: Session, customer_id: UUID, address: PostalAddress) -> None:
    """Add an address that was used for an order, unless it is known already.

    Args:
        session: A session of the store.
        customer_id: Whose it is.
        address: The address.
    """
    if _plain(address) not in [known.address for known in list_addresses(session, customer_id)]:
        save_address(session, customer_id, AddressInput(**address.model_dump()))


def _plain(address: PostalAddress) -> dict[str, Any]:
    return address.model_dump(exclude=set(_DEFAULTS))
