"""What orders asks of others: a stock keeper that may be absent. Variants and quantities travel as plain values.

Only modules that are on where the order is placed are asked. With none, stock is unlimited. Each hook runs inside the
transaction of the step it belongs to: an exception stops the step. Demand is summed per variant before anybody is
asked, so a variant appears once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from orion_core import hookspec


@hookspec
def orders_available(session: Any, variant_ids: list[UUID], cart_id: UUID | None) -> dict[UUID, int | None]:  # type: ignore[empty-body]
    """Return how many pieces of each variant can be bought now.

    Args:
        session: A session of the store.
        variant_ids: What is asked for.
        cart_id: A cart whose own reservation does not count against it.

    Returns:
        Pieces by variant; ``None`` or absent where stock is not tracked.
    """


@hookspec
def orders_hold(session: Any, cart_id: UUID, demand: Mapping[UUID, int], until: datetime) -> dict[UUID, int]:  # type: ignore[empty-body]
    """Reserve pieces for a cart whose checkout has begun; replaces what the cart held before.

    Args:
        session: A session of the store.
        cart_id: The cart.
        demand: Pieces by variant; empty gives everything back.
        until: When the reservation ends by itself.

    Returns:
        For variants of which there are fewer: how many there are. Nothing of those is held.
    """


@hookspec
def orders_lock(session: Any, variant_ids: list[UUID]) -> None:
    """Lock the stock of several variants until the transaction ends, before the first of several steps changes any.

    Each step locks what it changes by itself. An edit of an order has two, one that takes and one that gives back:
    two edits that swap articles would each hold what the other one waits for, and the database would end one.

    Args:
        session: A session of the store.
        variant_ids: Everything that the steps will change, sorted; lock in an order that is the same for all callers.
    """


@hookspec
def orders_allocate(session: Any, order_id: UUID, cart_id: UUID | None, demand: Mapping[UUID, int]) -> dict[UUID, int]:  # type: ignore[empty-body]
    """Promise pieces to an order being placed, and end the reservation of its cart.

    Args:
        session: A session of the store.
        order_id: The order.
        cart_id: The cart it comes from, if any.
        demand: Pieces by variant.

    Returns:
        Empty if everything was promised. Otherwise how many there are of each variant that is short; the order is
        then not placed and the transaction is rolled back.
    """


@hookspec
def orders_release(session: Any, order_id: UUID, demand: Mapping[UUID, int]) -> None:
    """Take back what was promised to an order and is not shipped: its lines were cancelled.

    Args:
        session: A session of the store.
        order_id: The order.
        demand: Pieces by variant; never more than were promised to this order.
    """


@hookspec
def orders_ship(session: Any, order_id: UUID, fulfilment_id: UUID, demand: Mapping[UUID, int]) -> None:
    """Take pieces out of stock that left the house. What was promised to the order is used up first.

    Args:
        session: A session of the store.
        order_id: The order.
        fulfilment_id: The parcel.
        demand: Pieces by variant.
    """


@hookspec
def orders_take_back(session: Any, order_id: UUID, return_id: UUID, goods: list[tuple[UUID, int, str]]) -> None:
    """Put pieces back that a customer returned.

    Args:
        session: A session of the store.
        order_id: The order.
        return_id: The return.
        goods: Variant, pieces and condition: ``resellable``, ``damaged`` or ``quarantine``.
    """
