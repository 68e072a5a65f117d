"""The cart's pages: put in, change, take out, and a promotion's code."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from orion_catalog.api import VariantNotFound
from orion_core.web import Router, SessionDep, Submitted, public, redirect, render, submitted
from orion_core.web import translate as _
from orion_orders.exceptions import NotForSale, PromotionRefused
from orion_orders.routes.cart_cookie import keep_token, token_of
from orion_orders.routes.shop_forms import CodeForm, LineForm, QuantityForm
from orion_orders.routes.shop_views import cart_view
from orion_orders.services import carts
from orion_orders.services.shopping import apply_code

router = Router()
CART = "orders/shop/cart.html"
LineDep = Annotated[Submitted[LineForm], submitted(LineForm)]
QuantityDep = Annotated[Submitted[QuantityForm], submitted(QuantityForm)]
CodeDep = Annotated[Submitted[CodeForm], submitted(CodeForm)]


@router.get("/cart", dependencies=[public])
def show_cart(request: Request, session: SessionDep) -> Any:
    return _show(request, session)


@router.post("/cart/lines", dependencies=[public])
def add_line(request: Request, session: SessionDep, form: LineDep) -> Any:
    if form.model is None:
        return redirect("/cart", _("Say what and how many."), level="warning")
    cart, token = carts.open_cart(session, token_of(request))
    try:
        carts.add_to_cart(session, cart, form.model.variant_id, form.model.quantity)
    except (NotForSale, VariantNotFound):
        session.rollback()
        return redirect("/cart", _("This article is not on sale any more"), level="warning")
    response = redirect("/cart", _("It is in your cart."))
    if token:
        keep_token(session, request, response, token)
    return response


@router.post("/cart/lines/{variant_id}", dependencies=[public])
def change_line(request: Request, session: SessionDep, variant_id: UUID, form: QuantityDep) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return redirect("/cart")
    if form.model is None:
        return redirect("/cart", _("Write a number of pieces."), level="warning")
    quantity = 0 if form.model.remove else form.model.quantity
    carts.set_quantity(session, cart, variant_id, quantity)
    return redirect("/cart", _("Your cart is changed.") if quantity else _("It is out of your cart."))


@router.post("/cart", dependencies=[public])
def use_code(request: Request, session: SessionDep, form: CodeDep) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return redirect("/cart")
    typed = form.model.code if form.model else ""
    try:
        apply_code(session, cart, typed)
    except PromotionRefused as refused:
        session.rollback()
        shown = {"code": typed, "code_error": _(refused.detail)}
        return _show(request, session, status=refused.status, **shown)
    return redirect("/cart", _("The code is taken into account.") if typed else _("The code is taken off."))


def _show(request: Request, session: Session, *, status: int = 200, **shown: Any) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return render(request, CART, lines=[])
    session.flush()
    return render(request, CART, status=status, **{**cart_view(session, cart), **shown})
