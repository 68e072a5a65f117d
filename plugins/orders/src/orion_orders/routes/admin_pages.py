"""Orders of all stores, for platform admins: found by number or address, and read, not changed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request

from orion_core.web import PlatformSessionDep, Router, render, requires
from orion_orders.services import desk, orders

router = Router()
VIEW = [requires("orders.view_all_orders")]


@router.get("/orders", dependencies=VIEW)
def search(request: Request, session: PlatformSessionDep, q: Annotated[str, Query(max_length=200)] = "") -> Any:
    words = q.replace("\0", "").strip()
    rows = desk.find_in_all_stores(session, words) if words else []
    return render(request, "orders/admin/orders.html", rows=rows, query=dict(request.query_params))


@router.get("/orders/{order_id}", dependencies=VIEW)
def show(request: Request, session: PlatformSessionDep, order_id: UUID) -> Any:
    order = orders.get_order(session, order_id)
    items, story = orders.items_of(session, order), orders.timeline_of(session, order)
    documents = desk.documents_of(session, order)
    return render(request, "orders/admin/order.html", order=order, items=items, story=story, documents=documents)
