"""The store team's pages: customers, one customer, groups, data requests."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import JSONResponse

from orion_core.web import (
    FORM_ERRORS,
    CursorDep,
    Router,
    SessionDep,
    Submitted,
    next_cursor,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_customers.models.rights import REQUEST_STATES
from orion_customers.schemas import GroupInput, StaffInput
from orion_customers.services import addresses, consents, customers, groups, requests
from orion_customers.services.customers import CustomerQuery
from orion_customers.services.tax_numbers import find_tax_number

router = Router(prefix="/customers")
VIEW = [requires("customers.view_customers")]
EDIT = [requires("customers.edit_customers")]
ERASE = [requires("customers.erase_customers")]
DETAIL, GROUPS = "customers/store/customer.html", "customers/store/groups.html"

StaffDep = Annotated[Submitted[StaffInput], submitted(StaffInput)]
GroupDep = Annotated[Submitted[GroupInput], submitted(GroupInput)]


@router.get("", dependencies=VIEW)
def list_customers(
    request: Request, session: SessionDep, cursor: CursorDep, *, q: str = "", group: str = "", state: str = ""
) -> Any:
    query = CustomerQuery(q=q, group=group, state=state)
    rows, key = customers.list_customers(session, query, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "customers/store/customers.html",
        rows=rows,
        groups=[(each.code, each.name) for each, _count in groups.list_groups(session)],
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


@router.get("/groups", dependencies=VIEW)
def list_groups(request: Request, session: SessionDep) -> Any:
    return render(request, GROUPS, groups=groups.list_groups(session), values={}, errors={})


@router.post("/groups", dependencies=EDIT)
def create_group(request: Request, session: SessionDep, form: GroupDep) -> Any:
    try:
        groups.create_group(session, form.data)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, GROUPS, form, error, groups=groups.list_groups(session))
    return redirect("/customers/groups", _("The group was created."))


@router.get("/groups/{code}/delete", dependencies=EDIT)
def ask_to_delete_group(request: Request, session: SessionDep, code: str) -> Any:
    return render(request, "customers/store/group_delete.html", group=groups.get_group(session, code))


@router.post("/groups/{code}/delete", dependencies=EDIT)
def delete_group(session: SessionDep, code: str) -> Any:
    groups.delete_group(session, code)
    return redirect("/customers/groups", _("The group was removed."))


@router.get("/requests", dependencies=VIEW)
def list_requests(request: Request, session: SessionDep, cursor: CursorDep, *, status: str = "") -> Any:
    rows, key = requests.list_requests(session, status, after=cursor.after, limit=cursor.limit)
    people = {row.customer_id: customers.get_customer(session, row.customer_id) for row in rows}
    return render(
        request,
        "customers/store/requests.html",
        rows=rows,
        people=people,
        states=REQUEST_STATES,
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


@router.get("/{customer_id}", dependencies=VIEW)
def show_customer(request: Request, session: SessionDep, customer_id: UUID) -> Any:
    found = customers.get_customer(session, customer_id)
    values = {name: getattr(found, name) for name in ("name", "company", "phone", "note", "version")}
    values["groups"] = list(groups.groups_of(session, found))
    return render(request, DETAIL, values=values, errors={}, **_parts(session, found))


@router.post("/{customer_id}", dependencies=EDIT)
def change_customer(request: Request, session: SessionDep, customer_id: UUID, form: StaffDep) -> Any:
    try:
        customers.change_customer(session, customer_id, form.data)
    except FORM_ERRORS as error:
        session.rollback()
        found = customers.get_customer(session, customer_id)
        return show_again(request, DETAIL, form, error, **_parts(session, found))
    return redirect(f"/customers/{customer_id}", _("The customer was saved."))


@router.get("/{customer_id}/block", dependencies=EDIT)
def ask_to_block(request: Request, session: SessionDep, customer_id: UUID) -> Any:
    return render(request, "customers/store/block.html", customer=customers.get_customer(session, customer_id))


@router.post("/{customer_id}/block", dependencies=EDIT)
def block(session: SessionDep, customer_id: UUID) -> Any:
    customers.block_customer(session, customer_id, blocked=True)
    return redirect(f"/customers/{customer_id}", _("The customer is blocked."))


@router.post("/{customer_id}/unblock", dependencies=EDIT)
def unblock(session: SessionDep, customer_id: UUID) -> Any:
    customers.block_customer(session, customer_id, blocked=False)
    return redirect(f"/customers/{customer_id}", _("The customer may sign in again."))


@router.post("/{customer_id}/export", dependencies=ERASE)
def export_customer(session: SessionDep, customer_id: UUID) -> Any:
    data = requests.export_customer(session, customer_id)
    return JSONResponse(data, headers={"content-disposition": 'attachment; filename="customer.json"'})


@router.get("/{customer_id}/erase", dependencies=ERASE)
def ask_to_erase(request: Request, session: SessionDep, customer_id: UUID) -> Any:
    return render(request, "customers/store/erase.html", customer=customers.get_customer(session, customer_id))


@router.post("/{customer_id}/erase", dependencies=ERASE)
def erase_customer(session: SessionDep, customer_id: UUID) -> Any:
    requests.erase_customer(session, customer_id)
    return redirect(f"/customers/{customer_id}", _("The customer's data is erased."))


def _parts(session: Any, found: Any) -> dict[str, Any]:
    return {
        "customer": found,
        "addresses": addresses.list_addresses(session, found.id),
        "consents": consents.list_consents(session, found.id),
        "number": find_tax_number(session, found.id),
        "all_groups": [each for each, _count in groups.list_groups(session)],
    }
