"""An order's page, which its signed link opens; cancelling it, ordering it again, and the customer's own list."""

from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from orion_core.errors import Conflict
from orion_core.services.settings import get_settings
from orion_core.web import CursorDep, Router, SessionDep, customer, file_response, next_cursor, public, redirect, render
from orion_core.web import translate as _
from orion_orders.config import OrdersConfig
from orion_orders.exceptions import RecordNotFound
from orion_orders.models import Order
from orion_orders.routes.cart_cookie import keep_token, token_of
from orion_orders.routes.shop_views import order_summary, order_taxes
from orion_orders.services import carts, tracking
from orion_orders.services.invoices import get_invoice, list_documents, read_document
from orion_orders.services.links import find_by_token, order_token
from orion_orders.services.orders import OrderQuery, items_of, list_orders
from orion_orders.services.returns import withdrawable
from orion_orders.services.shopping import customer_id, put_again
from orion_orders.services.transitions import move_order

router = Router()


@router.get("/orders/{token}", dependencies=[public])
def show_order(request: Request, session: SessionDep, token: str) -> Any:
    order = find_by_token(session, token)
    return render(request, "orders/shop/order.html", token=token, **_view(session, order))


@router.get("/orders/{token}/cancel", dependencies=[public])
def ask_cancel(request: Request, session: SessionDep, token: str) -> Any:
    order = find_by_token(session, token)
    return render(request, "orders/shop/cancel.html", token=token, order=order)


@router.post("/orders/{token}/cancel", dependencies=[public])
def cancel(session: SessionDep, token: str) -> Any:
    order = find_by_token(session, token)
    try:
        move_order(session, order, "cancelled", "customer")
    except Conflict:
        session.rollback()
        message = _("This order cannot be cancelled any more; you can still withdraw from the contract.")
        return redirect(f"/orders/{token}", message, level="warning")
    return redirect(f"/orders/{token}", _("Your order is cancelled."))


@router.get("/orders/{token}/documents/{invoice_id}", dependencies=[public])
def download(session: SessionDep, token: str, invoice_id: UUID) -> Any:
    order = find_by_token(session, token)
    invoice = get_invoice(session, invoice_id)
    if invoice.order_id != order.id:
        raise RecordNotFound("there is no such invoice")
    return file_response(read_document(session, invoice, "pdf"))


@router.post("/orders/{token}/again", dependencies=[public])
def order_again(request: Request, session: SessionDep, token: str) -> Any:
    order = find_by_token(session, token)
    cart, fresh = carts.open_cart(session, token_of(request))
    gone = put_again(session, cart, order)
    if gone:
        response = redirect("/cart", _("What is still sold is in your cart; the rest is not."), level="warning")
    else:
        response = redirect("/cart", _("Everything is in your cart again."))
    if fresh:
        keep_token(session, request, response, fresh)
    return response


@router.get("/account/orders", dependencies=[customer])
def list_own(request: Request, session: SessionDep, cursor: CursorDep) -> Any:
    found, key = list_orders(session, OrderQuery(customer_id=customer_id()), cursor.limit, cursor.after)
    rows = [(order, order_token(order)) for order in found]
    query = dict(request.query_params)
    return render(request, "orders/shop/orders.html", orders=rows, query=query, next_cursor=next_cursor(key) or "")


def _view(session: Session, order: Order) -> dict[str, Any]:
    items = items_of(session, order)
    parcels = tracking.parcels_of(session, order, items)
    rows, total = order_summary(order)
    documents = [(each, f"/orders/{order_token(order)}/documents/{each.id}") for each in list_documents(session, order)]
    return {
        "order": order,
        "items": [item for item in items if item.kind == "product"],
        "rows": rows,
        "total": total,
        "taxes": order_taxes(order, items),
        "parcels": parcels,
        "story": tracking.story_of(session, order),
        "done": tracking.steps_done(order),
        "can_cancel": tracking.can_cancel(order, items, [parcel.fulfilment for parcel in parcels]),
        "can_withdraw": bool(withdrawable(session, order)),
        "how_to_pay": get_settings(session, OrdersConfig).payment_text,
        "documents": documents,
    }
