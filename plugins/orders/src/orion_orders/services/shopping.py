"""What the shop's pages ask of carts beside what is in them: how much, which code, bought once, bought again."""

from uuid import UUID

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import Session

from orion_catalog.api import VariantNotFound
from orion_core.context import current_context
from orion_core.services.idempotency import once
from orion_customers.api import PostalAddress, remember_address
from orion_orders.exceptions import NotForSale, PromotionRefused
from orion_orders.models import Cart, CartLine, Order
from orion_orders.services.carts import add_to_cart, token_hash
from orion_orders.services.checkout import LockedCart
from orion_orders.services.orders import items_of
from orion_orders.services.placement import place_order
from orion_orders.services.quotes import make_quote


def cookie_name() -> str:
    """Return the name under which a browser keeps its cart; stores may share a host, and each has carts of its own."""
    return f"orion_cart_{current_context().store.code}"


def customer_id() -> UUID | None:
    """Return the id of the customer who is signed in, if anybody is."""
    actor = current_context().actor
    return actor.id if actor is not None and actor.kind == "customer" else None


def pieces_in_cart(session: Session, token: str | None) -> int:
    """Return how many pieces are in the caller's cart, with one statement.

    Args:
        session: A session of the store.
        token: What the browser keeps for a guest's cart.
    """
    owners = [Cart.customer_id == customer] if (customer := customer_id()) else []
    if token:
        owners.append(and_(Cart.token_hash == token_hash(token), Cart.customer_id.is_(None)))
    join = (CartLine.store_id == Cart.store_id) & (CartLine.cart_id == Cart.id)
    pieces = select(func.coalesce(func.sum(CartLine.quantity), 0)).join(Cart, join)
    return int(session.scalar(pieces.where(Cart.status == "active", or_(false(), *owners))) or 0)


def apply_code(session: Session, cart: Cart, code: str) -> None:
    """Put a promotion's code on a cart; an empty one takes it off.

    Raises:
        PromotionRefused: It does not exist or does not apply; the message says why.
    """
    cart.promotion_code = code.strip().upper() or None
    if reason := make_quote(session, cart).problems.get("promotion_code"):
        raise PromotionRefused(reason, errors={"code": reason})


def find_placed(session: Session, token: str | None) -> Order | None:
    """Return the order that was made of the cart a browser still keeps.

    Args:
        session: A session of the store.
        token: What the browser keeps.
    """
    if not token:
        return None
    join = (Order.store_id == Cart.store_id) & (Order.cart_id == Cart.id)
    holder = or_(Cart.customer_id.is_(None), Cart.customer_id == customer_id())
    statement = select(Order).join(Cart, join).where(Cart.token_hash == token_hash(token), holder)
    return session.scalars(statement).one_or_none()


def buy(session: Session, cart: LockedCart, key: str, *, expected_total_minor: int, accept_terms: bool) -> UUID:
    """Order what is in a cart, once however often the button was pressed, and return the order's id.

    Args:
        session: A session of the store.
        cart: The buyer's cart.
        key: The same for every try of one page.
        expected_total_minor: The total that the buyer has seen.
        accept_terms: Whether the buyer accepts the store's terms.

    Raises:
        OrionError: What ``place_order`` raises.
    """

    def act() -> tuple[int, bytes]:
        order, _ = place_order(session, cart, expected_total_minor=expected_total_minor, accept_terms=accept_terms)
        if order.customer_id and order.shipping_address:
            remember_address(session, order.customer_id, PostalAddress.model_validate(order.shipping_address))
        return 201, str(order.id).encode()

    _, answer = once(session, key, f"orders.buy:{cart.customer_id or cart.id}", str(cart.id).encode(), act)
    return UUID(answer.decode())


def put_again(session: Session, cart: Cart, order: Order) -> int:
    """Put what was ordered into a cart again, and return how many articles are not sold any more."""
    gone = 0
    for item in items_of(session, order):
        if item.variant_id is None:
            continue
        try:
            add_to_cart(session, cart, item.variant_id, item.quantity)
        except (NotForSale, VariantNotFound):
            gone += 1
    return gone
