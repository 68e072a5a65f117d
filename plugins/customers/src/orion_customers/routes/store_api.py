"""The store's API for customers."""

from typing import Any
from uuid import UUID

from fastapi import Response

from orion_core.web import CursorDep, Page, Router, SessionDep, VersionDep, next_cursor, requires, set_etag
from orion_customers.models import Customer
from orion_customers.schemas import CustomerOut, StaffInput
from orion_customers.services import customers, requests
from orion_customers.services.customers import CustomerQuery

router = Router(prefix="/customers")
VIEW = [requires("customers.view_customers")]
EDIT = [requires("customers.edit_customers")]
ERASE = [requires("customers.erase_customers")]


@router.get("", dependencies=VIEW)
def list_customers(
    session: SessionDep, cursor: CursorDep, q: str = "", group: str = "", state: str = ""
) -> Page[CustomerOut]:
    """List the store's customers, newest first."""
    query = CustomerQuery(q=q, group=group, state=state)
    rows, key = customers.list_customers(session, query, after=cursor.after, limit=cursor.limit)
    return Page(items=[CustomerOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.get("/{customer_id}", dependencies=VIEW, response_model=CustomerOut)
def get_customer(session: SessionDep, response: Response, customer_id: UUID) -> Customer:
    """Return a customer."""
    found = customers.get_customer(session, customer_id)
    set_etag(response, found.version)
    return found


@router.put("/{customer_id}", dependencies=EDIT, response_model=CustomerOut)
def change_customer(session: SessionDep, customer_id: UUID, given: StaffInput, version: VersionDep) -> Customer:
    """Change what the store's team may change of a customer."""
    asked = given.model_copy(update={"version": given.version if version is None else version})
    found = customers.change_customer(session, customer_id, asked)
    session.flush()
    return found


@router.get("/{customer_id}/export", dependencies=ERASE)
def export_customer(session: SessionDep, customer_id: UUID) -> dict[str, Any]:
    """Return everything known about a customer; it is written down that it was handed out."""
    return requests.export_customer(session, customer_id)


@router.post("/{customer_id}/erasure", dependencies=ERASE)
def erase_customer(session: SessionDep, customer_id: UUID) -> dict[str, Any]:
    """Erase a customer's data at once; the answer says what was done, and what the law keeps."""
    return requests.erase_customer(session, customer_id)
