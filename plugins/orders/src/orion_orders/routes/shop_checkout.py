"""The checkout's pages: what an order needs on one page, then the total and the button that obliges to pay."""

from typing import Annotated, Any

from fastapi import Request
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import InvalidInput, OrionError
from orion_core.ids import new_id
from orion_core.money import Money
from orion_core.web import Router, SessionDep, Submitted, public, redirect, render, submitted
from orion_core.web import translate as _
from orion_customers.api import PostalAddress, SavedAddress, list_addresses
from orion_orders.exceptions import CartIsClosed, CartNotFound, OutOfStock, TotalChanged
from orion_orders.models import Cart, Order
from orion_orders.routes import shop_views as views
from orion_orders.routes.cart_cookie import token_of
from orion_orders.routes.shop_forms import (
    BILLING,
    NEW_ADDRESS,
    CheckoutForm,
    PlaceForm,
    address_values,
    read_checkout,
)
from orion_orders.services import carts
from orion_orders.services.checkout import edit_checkout, lock_own_cart
from orion_orders.services.links import order_token
from orion_orders.services.offers import list_deliveries
from orion_orders.services.orders import get_order
from orion_orders.services.quotes import Quote, make_quote
from orion_orders.services.selling import own_tax_number
from orion_orders.services.shopping import buy, customer_id, find_placed

router = Router()
CHECKOUT, REVIEW = "orders/shop/checkout.html", "orders/shop/review.html"
CheckoutDep = Annotated[Submitted[CheckoutForm], submitted(CheckoutForm)]
PlaceDep = Annotated[Submitted[PlaceForm], submitted(PlaceForm)]


@router.get("/checkout", dependencies=[public])
def show_checkout(request: Request, session: SessionDep) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return _elsewhere(session, request)
    quote = make_quote(session, cart)
    if not quote.lines:
        return redirect("/cart")
    saved = _saved(session)
    return _ask(request, session, cart, quote, saved, values=_known(session, cart, quote, saved), errors={})


@router.post("/checkout", dependencies=[public])
def check_out(request: Request, session: SessionDep, form: CheckoutDep) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return _elsewhere(session, request)
    saved, status = _saved(session), InvalidInput.status
    errors, short = {}, False
    try:
        addresses = {str(each.id): each.address for each in saved}
        edit_checkout(session, cart, read_checkout(form.data, addresses, _own_email(), cart.promotion_code or ""))
    except InvalidInput as error:
        session.rollback()
        errors = error.errors
    except OutOfStock as error:
        # Not rolled back: what was typed stays on the cart while its owner takes out what is short.
        status, short = error.status, True
    quote = make_quote(session, cart)
    if not errors and not short and (missing := quote.problems.get("shipping_method_id")):
        errors = {"shipping_method_id": missing}
    if not errors and not short:
        return redirect("/cart" if quote.problems else "/checkout/review")
    shown = {"values": form.values, "errors": {name: _(text) for name, text in errors.items()}}
    return _ask(request, session, cart, quote, saved, status=status, **shown)


@router.get("/checkout/review", dependencies=[public])
def show_review(request: Request, session: SessionDep) -> Any:
    cart = carts.find_cart(session, token_of(request))
    if cart is None:
        return _elsewhere(session, request)
    return _review(request, session, cart)


@router.post("/checkout/review", dependencies=[public])
def place(request: Request, session: SessionDep, form: PlaceDep) -> Any:
    given = form.model
    if given is None:
        return redirect("/checkout/review")
    try:
        cart = lock_own_cart(session, given.cart_id, token_of(request))
        total, terms = given.expected_total_minor, given.accept_terms
        order_id = buy(session, cart, given.key, expected_total_minor=total, accept_terms=terms)
    except (CartIsClosed, CartNotFound):
        session.rollback()
        return redirect("/cart")
    except OrionError as error:
        session.rollback()
        return _review(request, session, lock_own_cart(session, given.cart_id, token_of(request)), error, given)
    return redirect(f"/orders/{order_token(get_order(session, order_id))}")


def _review(
    request: Request, session: Session, cart: Cart, error: OrionError | None = None, given: PlaceForm | None = None
) -> Any:
    """Show what would be ordered, and why it just was not; lead back to the page where something is missing."""
    quote = make_quote(session, cart)
    if "lines" in quote.problems or "promotion_code" in quote.problems:
        return redirect("/cart", _(quote.problems.get("promotion_code", "")) or None, level="warning")
    if quote.problems:
        return redirect("/checkout", _(next(iter(quote.problems.values()))), level="warning")
    rows, total = views.summary(quote)
    asked = getattr(error, "errors", {}).get("accept_terms", "")
    before = given.expected_total_minor if given and isinstance(error, TotalChanged) else None
    return render(
        request,
        REVIEW,
        status=error.status if error else 200,
        cart=cart,
        quote=quote,
        lines=views.line_views(session, cart, quote),
        rows=rows,
        total=total,
        taxes=views.quote_taxes(quote),
        key=str(new_id()),
        terms_error=_(asked),
        before=None if before is None else Money(before, cart.currency),
        short=views.short_view(session, cart, quote) if isinstance(error, OutOfStock) else [],
        accepted=given.accept_terms if given else False,
    )


def _ask(
    request: Request,
    session: Session,
    cart: Cart,
    quote: Quote,
    saved: list[SavedAddress],
    *,
    status: int = 200,
    **shown: Any,
) -> Any:
    rows, total = views.summary(quote)
    chosen = {str(shown["values"].get(name, "")) for name in ("country", f"{BILLING}country")}
    home = quote.selling.seller.country
    return render(
        request,
        CHECKOUT,
        status=status,
        own_email=_own_email(),
        saved=saved,
        deliveries=quote.deliveries,
        countries=views.countries(list_deliveries(session, None, 0), chosen, home),
        short=views.short_view(session, cart, quote),
        currency=cart.currency,
        rows=rows,
        total=total,
        **shown,
    )


def _known(session: Session, cart: Cart, quote: Quote, saved: list[SavedAddress]) -> dict[str, Any]:
    """Return what the form starts with: what was said before, else what is known of the customer."""
    number, home = own_tax_number(session), {"country": quote.selling.seller.country}
    shipping = PostalAddress.model_validate(cart.shipping_address) if cart.shipping_address else None
    match = next((each for each in saved if shipping in (None, each.address)), None)
    return {
        **address_values(None if match else cart.shipping_address or home),
        **address_values(cart.billing_address, BILLING),
        "email": cart.email or "",
        "address": str(match.id) if match else NEW_ADDRESS,
        "shipping_method_id": cart.shipping_method_id or "",
        "tax_number": cart.tax_number or (number.value if number else ""),
        "note": cart.note,
    }


def _elsewhere(session: Session, request: Request) -> Any:
    """Lead on where there is nothing to check out: to the order that was made of it, else to the empty cart."""
    placed: Order | None = find_placed(session, token_of(request))
    return redirect(f"/orders/{order_token(placed)}" if placed else "/cart")


def _saved(session: Session) -> list[SavedAddress]:
    customer = customer_id()
    return list_addresses(session, customer) if customer else []


def _own_email() -> str:
    actor = current_context().actor
    return actor.email if actor is not None and actor.kind == "customer" else ""
