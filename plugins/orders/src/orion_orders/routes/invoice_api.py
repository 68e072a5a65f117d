"""The store team's API of invoices and credit notes."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from orion_core.web import CursorDep, Page, Router, SessionDep, file_response, next_cursor, requires
from orion_orders.schemas import InvoiceOut
from orion_orders.services import register
from orion_orders.services.invoices import get_invoice, read_document

router = Router()
VIEW = [requires("orders.view_invoices")]


@router.get("/invoices", dependencies=VIEW)
def list_invoices(
    *,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200, description="A document's or an order's number")] = "",
    kind: Literal["invoice", "credit_note"] | None = None,
    month: Annotated[str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$", description="Such as 2026-11")] = "",
) -> Page[InvoiceOut]:
    """List invoices and credit notes, the newest first."""
    query = register.RegisterQuery(q=q.replace("\0", ""), kind=kind or "", month=month)
    rows, key = register.list_invoices(session, query, cursor.limit, cursor.after)
    return Page(items=[InvoiceOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.get("/invoices/{invoice_id}/{form}", dependencies=VIEW, response_class=Response)
def download(session: SessionDep, invoice_id: UUID, form: Literal["pdf", "ubl", "cii"]) -> Response:
    """Return a document's file as it was issued: PDF/A-3 with the XML inside, or the XML in UBL or CII."""
    return file_response(read_document(session, get_invoice(session, invoice_id), form))
