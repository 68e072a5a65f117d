"""Data requests: everything a store knows about a person, handed out or erased, module by module."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from orion_core.errors import NotFound
from orion_core.events import publish
from orion_core.runtime import ask_modules
from orion_core.services import newest
from orion_core.services.audit import audit
from orion_core.services.settings import get_settings
from orion_customers.config import CustomersConfig
from orion_customers.events import CustomerErased
from orion_customers.exceptions import RequestIsOpen
from orion_customers.machines import DATA_REQUEST
from orion_customers.models import (
    Credential,
    Customer,
    CustomerAddress,
    DataRequest,
    GroupMember,
    PasswordResetToken,
    TaxNumber,
    WishlistItem,
)
from orion_customers.services.addresses import list_addresses
from orion_customers.services.consents import list_consents
from orion_customers.services.customers import get_customer
from orion_customers.services.groups import groups_of
from orion_customers.services.sessions import revoke_sessions
from orion_customers.services.tax_numbers import find_tax_number
from orion_customers.services.wishlist import list_wishes

MONTH = timedelta(days=30)
"""Shorter than the month that the GDPR gives (art. 12(3))."""
_PERSONAL = (Credential, PasswordResetToken, CustomerAddress, TaxNumber, WishlistItem, GroupMember)

Key = tuple[Any, ...]


def export_customer(session: Session, customer_id: UUID) -> dict[str, Any]:
    """Return everything known about a customer, as plain values, and write down that it was handed out."""
    customer = get_customer(session, customer_id)
    number = find_tax_number(session, customer_id)
    own = {
        "number": customer.number,
        "email": customer.email,
        "name": customer.name,
        "company": customer.company,
        "phone": customer.phone,
        "locale": customer.locale,
        "note": customer.note,
        "created_at": customer.created_at.isoformat(),
        "addresses": [saved.address for saved in list_addresses(session, customer_id)],
        "groups": list(groups_of(session, customer)),
        "tax_number": number.value if number else None,
        "wishlist": [item.sku for item in list_wishes(session, customer_id)],
        "consents": [
            {"purpose": each.purpose, "given": each.given, "version": each.text_version, "at": each.at.isoformat()}
            for each in list_consents(session, customer_id)
        ],
    }
    asked = ask_modules("customers_export", session=session, customer_id=customer_id, email=customer.email)
    today = datetime.now(UTC).date()
    done = DataRequest(
        customer_id=customer_id, kind="export", status="done", due_on=today, execute_on=today, done_at=datetime.now(UTC)
    )
    session.add(done)
    audit(session, "customers.export_customer", customer)
    return {"customers": own, **dict(asked)}


def request_erasure(session: Session, customer_id: UUID) -> DataRequest:
    """Ask for a customer's data to be erased, after some days in which it can be cancelled.

    Raises:
        RequestIsOpen: It was asked for already.
    """
    customer = get_customer(session, customer_id)
    open_already = select(DataRequest.id).where(
        DataRequest.customer_id == customer_id, DataRequest.kind == "erasure", DataRequest.status == "requested"
    )
    if session.scalar(open_already):
        raise RequestIsOpen
    today = datetime.now(UTC).date()
    days = get_settings(session, CustomersConfig).erasure_days
    request = DataRequest(
        customer_id=customer_id, kind="erasure", due_on=today + MONTH, execute_on=today + timedelta(days=days)
    )
    session.add(request)
    audit(session, "customers.request_erasure", customer)
    return request


def open_erasure(session: Session, customer_id: UUID) -> DataRequest | None:
    mine = (DataRequest.customer_id == customer_id, DataRequest.kind == "erasure", DataRequest.status == "requested")
    return session.scalars(select(DataRequest).where(*mine)).one_or_none()


def cancel_erasure(session: Session, customer_id: UUID) -> None:
    """Take back an erasure that was not carried out yet."""
    request = open_erasure(session, customer_id)
    if request is None:
        raise NotFound("there is no open request")
    request.status = DATA_REQUEST.step(request.status, "cancelled").target
    audit(session, "customers.cancel_erasure", request)


def list_requests(
    session: Session, status: str = "", *, after: Key | None = None, limit: int = 20
) -> tuple[list[DataRequest], Key | None]:
    """Return a page of requests, newest first."""
    statement = select(DataRequest)
    if status:
        statement = statement.where(DataRequest.status == status)
    return newest.take(session, statement, DataRequest.id, UUID, after=after, limit=limit)


def due_erasures(session: Session) -> list[tuple[UUID, UUID]]:
    """Return store and customer of each erasure whose cooling-off days are over, given a platform-wide session."""
    due = (DataRequest.kind == "erasure", DataRequest.status == "requested")
    statement = select(DataRequest.store_id, DataRequest.customer_id).where(
        *due, DataRequest.execute_on <= datetime.now(UTC).date()
    )
    return [(row[0], row[1]) for row in session.execute(statement.order_by(DataRequest.store_id, DataRequest.id))]


def erase_customer(session: Session, customer_id: UUID) -> dict[str, Any]:
    """Scrub a customer in every module at once; what the law keeps stays, and the report says what that is.

    Safe to run twice: a customer who is erased already is left alone.
    """
    customer = get_customer(session, customer_id)
    if customer.erased_at is not None:
        return {}
    email = customer.email
    report = dict(ask_modules("customers_erase", session=session, customer_id=customer_id, email=email))
    revoke_sessions(session, customer_id)
    removed = sum(len(_removed(session, model, customer_id)) for model in _PERSONAL)
    customer.email, customer.name = f"{customer.id}@erased.invalid", "—"
    customer.company = customer.phone = customer.note = ""
    customer.email_verified_at, customer.erased_at = None, datetime.now(UTC)
    report["customers"] = {"accounts made anonymous": 1, "records removed": removed}
    request = open_erasure(session, customer_id)
    if request is not None:
        request.status = DATA_REQUEST.step(request.status, "done").target
        request.done_at, request.report = datetime.now(UTC), report
    audit(session, "customers.erase_customer", customer, report=report)
    publish(session, CustomerErased(customer_id=customer_id))
    return report


def traces_of(session: Session, email: str) -> int:
    """Return how many of this module's accounts still know an address: zero after an erasure."""
    return len(session.scalars(select(Customer.id).where(Customer.email == email)).all())


def _removed(session: Session, model: Any, customer_id: UUID) -> list[Any]:
    gone = delete(model).where(model.customer_id == customer_id).returning(model.customer_id)
    return list(session.scalars(gone, execution_options={"synchronize_session": False}))
