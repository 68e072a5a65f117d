"""What a buyer says at the checkout, and the goods that are held meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import Prepared, unmanaged
from orion_core.services.settings import get_settings
from orion_customers.api import parse_tax_number
from orion_orders.config import OrdersConfig
from orion_orders.exceptions import CartIsClosed, CartNotFound, OutOfStock, RecordNotFound
from orion_orders.models import Cart, ShippingMethod
from orion_orders.schemas import CheckoutInput
from orion_orders.services import stock
from orion_orders.services.carts import demand_of, filled_lines, token_hash

LockedCart = NewType("LockedCart", Cart)
"""A cart as it was read with its row's lock, which is kept until the commit. No session manages it."""

_COLUMNS = tuple(Cart.__table__.columns.keys())
_LOCK = Prepared(
    select(*Cart.__table__.columns)
    .where(Cart.store_id == bindparam("store_id"), Cart.id == bindparam("id"))
    .with_for_update()
)


def edit_checkout(session: Session, cart: Cart, given: CheckoutInput) -> None:
    """Take down what an order needs beside its goods, and hold the goods for a while.

    Args:
        session: A session of the store.
        cart: An active cart.
        given: All of it; what is empty is cleared.

    Raises:
        InvalidTaxNumber: Form or check digit of the number is wrong.
        RecordNotFound: There is no such way of delivery.
        OutOfStock: There is not enough left to hold.
    """
    if cart.status != "active":
        raise CartIsClosed
    if given.shipping_method_id is not None:
        known = select(ShippingMethod.id).where(ShippingMethod.id == given.shipping_method_id)
        if session.scalar(known) is None:
            raise RecordNotFound("there is no such way of delivery")
    cart.email = given.email
    cart.shipping_address = given.shipping_address.model_dump() if given.shipping_address else None
    cart.billing_address = given.billing_address.model_dump() if given.billing_address else None
    cart.shipping_method_id = given.shipping_method_id
    cart.tax_number = parse_tax_number(given.tax_number).value if given.tax_number else None
    cart.promotion_code = given.promotion_code.upper() or None
    cart.note = given.note
    _hold(session, cart)


def lock_own_cart(session: Session, cart_id: UUID, token: str | None) -> LockedCart:
    """Lock a cart of the caller in any state: a customer's own, or a guest's by its token.

    Args:
        session: A session of the store.
        cart_id: The cart.
        token: What the browser keeps for a guest's cart.

    Raises:
        CartNotFound: There is none, or it is somebody else's.
    """
    rows = _LOCK.rows(session, {"store_id": current_context().store_id, "id": cart_id})
    cart = unmanaged(Cart, **dict(zip(_COLUMNS, rows[0], strict=True))) if rows else None
    actor = current_context().actor
    customer_id = actor.id if actor is not None and actor.kind == "customer" else None
    if cart is None or cart.customer_id not in (None, customer_id):
        raise CartNotFound
    if cart.customer_id is None and (not token or token_hash(token) != cart.token_hash):
        raise CartNotFound
    return LockedCart(cart)


def _hold(session: Session, cart: Cart) -> None:
    until = datetime.now(UTC) + timedelta(minutes=get_settings(session, OrdersConfig).hold_minutes)
    session.flush()
    short = stock.hold(session, cart.id, stock.summed(demand_of(filled_lines(session, cart)).items()), until)
    if short:
        raise OutOfStock(available={str(variant_id): pieces for variant_id, pieces in short.items()})
    cart.held_until = until
