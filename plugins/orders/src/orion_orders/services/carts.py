"""Carts: found by customer or token, filled, merged when their owner signs in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_catalog.api import SaleItem, find_variants, get_variant
from orion_core.context import current_context
from orion_core.db import Prepared
from orion_orders.config import MAX_QUANTITY
from orion_orders.exceptions import CartIsClosed, CartNotFound, NotForSale
from orion_orders.machines import CART
from orion_orders.models import Cart, CartLine

MAX_LINES = 200
_LINES = Prepared(
    select(CartLine.variant_id, CartLine.quantity)
    .where(CartLine.store_id == bindparam("store_id"), CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.position, CartLine.variant_id)
)


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line of a cart with what is sold under it; ``item`` is ``None`` if that is gone."""

    variant_id: UUID
    quantity: int
    item: SaleItem | None


def find_cart(session: Session, token: str | None) -> Cart | None:
    """Return the caller's active cart, or ``None``.

    A customer who comes with a guest's cart gets it merged into their own.

    Args:
        session: A session of the store.
        token: What the browser keeps for a guest's cart.
    """
    guest = _by_token(session, token)
    customer_id = _customer_id()
    if customer_id is None:
        return guest
    own = session.scalars(select(Cart).where(Cart.customer_id == customer_id, Cart.status == "active")).one_or_none()
    if guest is None or guest is own:
        return own
    if own is None:
        guest.customer_id = customer_id
        return guest
    return _merge(session, guest, own)


def get_cart(session: Session, token: str | None) -> Cart:
    """Return the caller's active cart.

    Raises:
        CartNotFound: There is none.
    """
    cart = find_cart(session, token)
    if cart is None:
        raise CartNotFound("there is no cart yet; put something into it first")
    return cart


def open_cart(session: Session, token: str | None) -> tuple[Cart, str | None]:
    """Return the caller's active cart, a new one if need be, and the token to keep if it is new.

    Args:
        session: A session of the store.
        token: What the browser kept so far.
    """
    cart = find_cart(session, token)
    if cart is not None:
        return cart, None
    fresh = secrets.token_urlsafe(32)
    cart = Cart(token_hash=token_hash(fresh), customer_id=_customer_id(), currency=current_context().store.currency)
    session.add(cart)
    session.flush()
    return cart, fresh


def add_to_cart(session: Session, cart: Cart, variant_id: UUID, quantity: int = 1) -> None:
    """Put pieces of a variant into a cart, on top of what is there.

    Args:
        session: A session of the store.
        cart: An active cart.
        variant_id: What.
        quantity: How many more, at least 1.

    Raises:
        VariantNotFound: The store has no such variant.
        NotForSale: It is not on sale.
    """
    _refuse_closed(cart)
    item = get_variant(session, variant_id)
    if not item.is_sellable:
        raise NotForSale(f"{item.title} is not on sale any more")
    count, last = session.execute(
        select(func.count(), func.coalesce(func.max(CartLine.position), 0)).where(CartLine.cart_id == cart.id)
    ).one()
    if count >= MAX_LINES:
        raise NotForSale(f"a cart holds {MAX_LINES} different articles at most")
    values = {"cart_id": cart.id, "variant_id": variant_id, "quantity": quantity, "position": last + 1}
    line = insert(CartLine).values(store_id=cart.store_id, **values)
    more = func.least(CartLine.quantity + line.excluded.quantity, MAX_QUANTITY)
    session.execute(
        line.on_conflict_do_update(index_elements=["store_id", "cart_id", "variant_id"], set_={"quantity": more})
    )
    _touch(cart)


def set_quantity(session: Session, cart: Cart, variant_id: UUID, quantity: int) -> None:
    """Set how many pieces of a variant are in a cart; 0 takes it out. Fine if it is not there.

    Args:
        session: A session of the store.
        cart: An active cart.
        variant_id: What.
        quantity: How many.
    """
    _refuse_closed(cart)
    line = session.get(CartLine, (cart.store_id, cart.id, variant_id), with_for_update=True)
    if line is None:
        return
    if quantity:
        line.quantity = quantity
    else:
        session.delete(line)
    _touch(cart)


def filled_lines(session: Session, cart: Cart) -> list[FilledLine]:
    """Return a cart's lines with what is sold under them today, in the order they came in."""
    session.flush()
    rows = _LINES.rows(session, {"store_id": cart.store_id, "cart_id": cart.id})
    items = find_variants(session, [variant_id for variant_id, _ in rows])
    return [FilledLine(variant_id, quantity, items.get(variant_id)) for variant_id, quantity in rows]


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def demand_of(lines: Sequence[FilledLine]) -> dict[UUID, int]:
    """Return pieces by variant."""
    return {line.variant_id: line.quantity for line in lines}


def _by_token(session: Session, token: str | None) -> Cart | None:
    if not token:
        return None
    statement = select(Cart).where(Cart.token_hash == token_hash(token), Cart.status == "active")
    cart = session.scalars(statement).one_or_none()
    # A customer's cart needs its customer: a token left in a shared browser opens nothing.
    return None if cart is not None and cart.customer_id not in (None, _customer_id()) else cart


def _merge(session: Session, guest: Cart, own: Cart) -> Cart:
    """Move a guest's lines into the customer's own cart."""
    guest.status = CART.step(guest.status, "merged").target
    rows = session.execute(delete(CartLine).where(CartLine.cart_id == guest.id).returning(CartLine)).scalars().all()
    for row in rows:
        line = session.get(CartLine, (own.store_id, own.id, row.variant_id))
        if line is None:
            values = {"variant_id": row.variant_id, "quantity": row.quantity, "position": row.position}
            session.add(CartLine(cart_id=own.id, **values))
        else:
            line.quantity = max(line.quantity, row.quantity)
    own.promotion_code = own.promotion_code or guest.promotion_code
    _touch(own)
    session.flush()
    return own


def _touch(cart: Cart) -> None:
    cart.updated_at = func.now()


def _refuse_closed(cart: Cart) -> None:
    if cart.status != "active":
        raise CartIsClosed


def _customer_id() -> UUID | None:
    actor = current_context().actor
    return actor.id if actor is not None and actor.kind == "customer" else None
