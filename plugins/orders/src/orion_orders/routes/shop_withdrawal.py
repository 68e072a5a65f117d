"""Withdrawing from a contract: found without signing in, two steps, a receipt (directive 2011/83/EU, article 11a)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import Conflict, NotFound, TooManyRequests
from orion_core.services.limiter import LoginLimiter
from orion_core.services.settings import get_settings
from orion_core.web import Router, SessionDep, Submitted, public, redirect, render, submitted
from orion_core.web import translate as _
from orion_orders.config import OrdersConfig
from orion_orders.models import Order, OrderItem
from orion_orders.services.links import find_by_token, order_token
from orion_orders.services.orders import items_of
from orion_orders.services.returns import withdraw, withdrawable
from orion_orders.services.tracking import find_by_number, story_of

FIND = "orders/shop/withdraw_find.html"
CHOOSE, CONFIRM = "orders/shop/withdraw.html", "orders/shop/withdraw_confirm.html"


class FindForm(BaseModel):
    number: str = ""
    email: str = ""


FindDep = Annotated[Submitted[FindForm], submitted(FindForm)]


async def _pieces(request: Request) -> dict[UUID, int]:
    """Read the fields ``pieces-<item>``; what is not a number counts as none."""
    pieces: dict[UUID, int] = {}
    for name, value in (await request.form()).items():
        kind, _dash, item_id = name.partition("-")
        if kind == "pieces" and isinstance(value, str) and value.isdecimal() and len(value) < 6:
            try:
                pieces[UUID(item_id)] = int(value)
            except ValueError:
                continue
    return {item_id: number for item_id, number in pieces.items() if number}


PiecesDep = Annotated[dict[UUID, int], Depends(_pieces)]


def withdrawal_pages(limiter: LoginLimiter) -> Router:
    """Return the routes of a withdrawal; tries to find an order are counted by ``limiter``."""
    router = Router()

    @router.get("/withdraw", dependencies=[public])
    def show_find(request: Request) -> Any:
        return render(request, FIND, values={}, problem="")

    @router.post("/withdraw", dependencies=[public])
    def find(request: Request, session: SessionDep, form: FindDep) -> Any:
        given = form.model or FindForm()
        try:
            order = _found(request, session, given, limiter)
        except (NotFound, TooManyRequests) as error:
            shown = {"values": form.values, "problem": _(error.detail)}
            page = render(request, FIND, status=error.status, **shown)
            if isinstance(error, TooManyRequests):
                page.headers["Retry-After"] = str(error.retry_after)
            return page
        return redirect(f"/orders/{order_token(order)}/withdraw")

    router.get("/orders/{token}/withdraw", dependencies=[public])(choose)
    router.post("/orders/{token}/withdraw", dependencies=[public])(ask)
    router.post("/orders/{token}/withdraw/confirm", dependencies=[public])(confirm)
    router.get("/orders/{token}/withdrawals/{number}", dependencies=[public])(receipt)
    return router


def choose(request: Request, session: SessionDep, token: str) -> Any:
    order = find_by_token(session, token)
    return render(request, CHOOSE, token=token, order=order, rows=_rows(session, order), problem="")


def ask(request: Request, session: SessionDep, token: str, pieces: PiecesDep) -> Any:
    order = find_by_token(session, token)
    rows = _rows(session, order)
    chosen = [(item, min(pieces[item.id], left)) for item, left in rows if item.id in pieces]
    if not chosen:
        shown = {"rows": rows, "problem": _("Choose at least one piece.")}
        return render(request, CHOOSE, status=422, token=token, order=order, **shown)
    return render(request, CONFIRM, token=token, order=order, chosen=chosen)


def confirm(session: SessionDep, token: str, pieces: PiecesDep) -> Any:
    order = find_by_token(session, token)
    try:
        found = withdraw(session, order, pieces)
    except Conflict:
        session.rollback()
        message = _("This was withdrawn already, or the time for it is over.")
        return redirect(f"/orders/{token}", message, level="warning")
    return redirect(f"/orders/{token}/withdrawals/{found.number}")


def receipt(request: Request, session: SessionDep, token: str, number: int) -> Any:
    order = find_by_token(session, token)
    declared = [event for event in story_of(session, order) if event.kind == "withdrawal"]
    event = next((event for event in declared if event.data.get("number") == number), None)
    if event is None:
        raise NotFound("there is no such withdrawal")
    return render(request, "orders/shop/withdrawn.html", token=token, order=order, event=event)


def _found(request: Request, session: Session, given: FindForm, limiter: LoginLimiter) -> Order:
    address, attempts = (
        request.client.host if request.client else "",
        get_settings(session, OrdersConfig).lookup_attempts,
    )
    limiter.check(f"withdraw:{current_context().store_id}:{given.number.strip().upper()}", address, attempts)
    order = find_by_number(session, given.number, given.email)
    if order is None:
        limiter.failed(address, attempts)
        raise NotFound("We find no order with this number and address. Both stand in the confirmation.")
    return order


def _rows(session: Session, order: Order) -> list[tuple[OrderItem, int]]:
    pieces = withdrawable(session, order)
    return [(item, pieces[item.id]) for item in items_of(session, order) if item.id in pieces]
