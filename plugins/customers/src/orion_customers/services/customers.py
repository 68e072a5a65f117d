"""Finding, listing and changing a store's customers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import StaleVersion
from orion_core.services import newest
from orion_core.services.audit import audit
from orion_core.services.numbers import next_number
from orion_customers.exceptions import CustomerNotFound
from orion_customers.models import Customer, CustomerGroup, GroupMember
from orion_customers.schemas import StaffInput
from orion_customers.services.groups import put_into_groups
from orion_customers.services.sessions import revoke_sessions

Key = tuple[Any, ...]
_STATES = {
    "blocked": Customer.is_blocked,
    "unverified": Customer.email_verified_at.is_(None) & Customer.erased_at.is_(None),
    "erased": Customer.erased_at.is_not(None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuery:
    """What a list of customers is narrowed to."""

    q: str = ""
    group: str = ""
    state: str = ""


def new_customer(session: Session, *, email: str, name: str) -> Customer:
    """Add an account; the caller has made sure that there is none under this address."""
    number = f"C{next_number(session, 'customers.customer'):05d}"
    customer = Customer(number=number, email=email, name=name, locale=current_context().locale)
    session.add(customer)
    session.flush()
    return customer


def find_customer(session: Session, customer_id: UUID) -> Customer | None:
    return session.scalars(select(Customer).where(Customer.id == customer_id)).one_or_none()


def get_customer(session: Session, customer_id: UUID, version: int | None = None) -> Customer:
    """Return a customer; ``version`` is what the caller has seen, if they said."""
    customer = find_customer(session, customer_id)
    if customer is None:
        raise CustomerNotFound
    if version is not None and customer.version != version:
        raise StaleVersion
    return customer


def find_by_email(session: Session, email: str) -> Customer | None:
    return session.scalars(select(Customer).where(Customer.email == email)).one_or_none()


def list_customers(
    session: Session, query: CustomerQuery, *, after: Key | None = None, limit: int = 20
) -> tuple[list[Customer], Key | None]:
    """Return a page of customers, newest first, and the key of the next one."""
    statement = select(Customer)
    if query.q:
        columns = (Customer.name, Customer.email, Customer.company, Customer.number)
        statement = statement.where(or_(*(column.icontains(query.q, autoescape=True) for column in columns)))
    if query.group:
        members = select(GroupMember.customer_id).join(CustomerGroup, CustomerGroup.id == GroupMember.group_id)
        statement = statement.where(Customer.id.in_(members.where(CustomerGroup.code == query.group)))
    if query.state in _STATES:
        statement = statement.where(_STATES[query.state])
    return newest.take(session, statement, Customer.id, UUID, after=after, limit=limit)


def find_in_all_stores(
    session: Session, query: CustomerQuery, *, after: Key | None = None, limit: int = 20
) -> tuple[list[Customer], Key | None]:
    """Return a page of customers of all stores, newest first, and the key of the next one.

    Args:
        session: A platform-wide session.
        query: A whole e-mail address, number or name to look for, and perhaps a state; nobody is listed without words.
        after: Key of the last row seen.
        limit: Rows wanted.
    """
    words = query.q
    if not words:
        return [], None
    if "@" in words:
        found = Customer.email == words.lower()
    else:
        found = or_(Customer.number == words.upper(), func.lower(Customer.name) == func.lower(words))
    statement = select(Customer).where(found)
    if query.state in _STATES:
        statement = statement.where(_STATES[query.state])
    return newest.take(session, statement, Customer.id, UUID, after=after, limit=limit)


def change_customer(session: Session, customer_id: UUID, given: StaffInput) -> Customer:
    """Change what the store's team may change."""
    customer = get_customer(session, customer_id, given.version)
    for name in ("name", "company", "phone", "note"):
        setattr(customer, name, getattr(given, name))
    put_into_groups(session, customer, given.groups)
    audit(session, "customers.change_customer", customer, groups=given.groups)
    return customer


def block_customer(session: Session, customer_id: UUID, *, blocked: bool) -> Customer:
    """Keep a customer out, or let them in again; blocking ends their sessions."""
    customer = get_customer(session, customer_id)
    customer.is_blocked = blocked
    if blocked:
        revoke_sessions(session, customer.id)
    audit(session, "customers.block_customer" if blocked else "customers.unblock_customer", customer)
    return customer


def figures(session: Session) -> dict[str, Any]:
    """Return what the store's dashboard shows of its customers."""
    counted = select(
        func.count(), func.count().filter(Customer.created_at > func.now() - func.make_interval(0, 0, 0, 30))
    )
    total, recent = session.execute(counted.where(Customer.erased_at.is_(None))).one()
    return {"total": total, "recent": recent}
