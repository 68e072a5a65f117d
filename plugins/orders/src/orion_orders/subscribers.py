"""What orders does when something happens elsewhere."""

from typing import Any

from orion_customers.api import EmailVerified
from orion_orders.services.orders import attach_guest_orders


def attach_orders(session: Any, event: EmailVerified) -> None:
    """Give a customer what was ordered as a guest under the address they have proven."""
    attach_guest_orders(session, event.customer_id, event.email)
