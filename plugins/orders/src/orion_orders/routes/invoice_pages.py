"""The register of invoices: list, sums, downloads, what waits and why."""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlalchemy.orm import Session

from orion_core.tasks import enqueue
from orion_core.web import CursorDep, Router, SessionDep, file_response, may, next_cursor, redirect, render, requires
from orion_core.web import translate as _
from orion_orders.models import Order
from orion_orders.services import register
from orion_orders.services.invoices import get_invoice, read_document
from orion_orders.tasks import issue_in_store

router = Router()
VIEW = [requires("orders.view_invoices")]
EDIT = [requires("orders.edit_orders")]
SHOWN = 5
"""Orders that the register itself names among those that wait."""
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@router.get("/invoices", dependencies=VIEW)
def list_invoices(
    *,
    request: Request,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: str = "",
    month: str = "",
) -> Any:
    query = register.RegisterQuery(
        q=q.replace("\0", ""),
        kind=kind if kind in ("invoice", "credit_note") else "",
        month=month if MONTH.fullmatch(month) else "",
    )
    rows, key = register.list_invoices(session, query, cursor.limit, cursor.after)
    waiting, _key = register.list_waiting(session, SHOWN)
    return render(
        request,
        "orders/store/invoices.html",
        rows=rows,
        sums=register.sums(session, query),
        waiting=waiting,
        waiting_count=len(register.waiting_ids(session)) if waiting else 0,
        problems=_problems(session, waiting),
        series=register.list_series(session),
        query=dict(request.query_params),
        next_cursor=next_cursor(key) or "",
        may_edit=may("orders.edit_orders"),
    )


@router.get("/invoices/waiting", dependencies=VIEW)
def list_waiting(request: Request, session: SessionDep, cursor: CursorDep) -> Any:
    waiting, key = register.list_waiting(session, cursor.limit, cursor.after)
    return render(
        request,
        "orders/store/waiting.html",
        waiting=waiting,
        problems=_problems(session, waiting),
        query=dict(request.query_params),
        next_cursor=next_cursor(key) or "",
    )


@router.post("/invoices/issue", dependencies=EDIT)
def issue_waiting(session: SessionDep) -> Any:
    enqueue(session, issue_in_store)
    return redirect("/invoices", _("They are being issued; look again in a moment."))


@router.get("/invoices/{invoice_id}/{form}", dependencies=VIEW)
def download(session: SessionDep, invoice_id: UUID, form: str) -> Any:
    return file_response(read_document(session, get_invoice(session, invoice_id), form))


def _problems(session: Session, orders: Sequence[Order]) -> dict[UUID, list[str]]:
    found = register.problems_of(session, orders)
    return {order_id: [_(problem) for problem in problems] for order_id, problems in found.items()}
