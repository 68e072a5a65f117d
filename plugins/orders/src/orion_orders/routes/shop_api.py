"""The shop's API: the cart, what it costs, and the order made of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response

from orion_core.services.idempotency import once
from orion_core.web import Router, SessionDep, public
from orion_orders.models import Cart
from orion_orders.routes.answers import cart_out, placed_out, quote_out
from orion_orders.routes.cart_cookie import keep_token, token_of
from orion_orders.schemas import CartOut, CheckoutInput, LineInput, PlacedOut, PlaceInput, QuantityInput, QuoteOut
from orion_orders.services import carts
from orion_orders.services.checkout import edit_checkout, lock_own_cart
from orion_orders.services.placement import place_order
from orion_orders.services.quotes import make_quote

router = Router()
KeyHeader = Annotated[str, Header(min_length=1, max_length=200, description="The same for every try of one order")]


@router.get("/cart", dependencies=[public])
def get_cart(session: SessionDep, request: Request) -> CartOut:
    """Return the caller's cart, by the browser's cookie or the header X-Cart-Token."""
    return cart_out(session, carts.get_cart(session, token_of(request)))


@router.post("/cart/lines", dependencies=[public], status_code=201)
def add_line(session: SessionDep, request: Request, response: Response, given: LineInput) -> CartOut:
    """Put pieces of an article into the cart; the first time, the answer holds the new cart's token."""
    cart, token = carts.open_cart(session, token_of(request))
    carts.add_to_cart(session, cart, given.variant_id, given.quantity)
    if token:
        keep_token(session, request, response, token)
    return cart_out(session, cart, token)


@router.put("/cart/lines/{variant_id}", dependencies=[public])
def set_quantity(session: SessionDep, request: Request, variant_id: UUID, given: QuantityInput) -> CartOut:
    """Set how many pieces of an article are in the cart; 0 takes it out."""
    cart = carts.get_cart(session, token_of(request))
    carts.set_quantity(session, cart, variant_id, given.quantity)
    return cart_out(session, cart)


@router.put("/cart/checkout", dependencies=[public])
def put_checkout(session: SessionDep, request: Request, given: CheckoutInput) -> CartOut:
    """Say where and how the order shall be delivered; the goods are held for some minutes."""
    cart = carts.get_cart(session, token_of(request))
    edit_checkout(session, cart, given)
    return cart_out(session, cart)


@router.get("/cart/quote", dependencies=[public])
def get_quote(session: SessionDep, request: Request) -> QuoteOut:
    """Return what the cart costs now, and what is still missing for an order."""
    cart = carts.get_cart(session, token_of(request))
    return quote_out(cart, make_quote(session, cart))


@router.post("/orders", dependencies=[public], status_code=201, responses={201: {"model": PlacedOut}})
def create_order(session: SessionDep, request: Request, given: PlaceInput, idempotency_key: KeyHeader) -> Response:
    """Order what is in the cart. The same key gets the same answer; a cart that was ordered, its order."""
    cart = lock_own_cart(session, given.cart_id, token_of(request))

    def act() -> tuple[int, bytes]:
        order, items = place_order(
            session, cart, expected_total_minor=given.expected_total_minor, accept_terms=given.accept_terms
        )
        return 201, placed_out(order, items).model_dump_json().encode()

    status, body = once(session, idempotency_key, _caller(cart), given.model_dump_json().encode(), act)
    return Response(body, status_code=status, media_type="application/json")


def _caller(cart: Cart) -> str:
    return f"orders.place:{cart.customer_id or cart.id}"
