"""Customers of all stores, for platform admins: found by address, number or name; their store's page says the rest."""

from typing import Annotated, Any

from fastapi import Query, Request

from orion_core.web import CursorDep, PlatformSessionDep, Router, next_cursor, render, requires
from orion_customers.services.customers import CustomerQuery, find_in_all_stores
from orion_tenancy.api import name_stores

router = Router(prefix="/customers")
VIEW = [requires("customers.view_all_customers")]


@router.get("", dependencies=VIEW)
def search(
    request: Request,
    session: PlatformSessionDep,
    cursor: CursorDep,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
    state: str = "",
) -> Any:
    query = CustomerQuery(q=q.replace("\0", "").strip(), state=state)
    rows, key = find_in_all_stores(session, query, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "customers/admin/customers.html",
        rows=rows,
        stores=name_stores(session, {row.store_id for row in rows}),
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )
