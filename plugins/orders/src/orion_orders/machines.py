"""The lives of orders and what belongs to them, as data: the one table that code, API, documentation and tests read."""

from orion_core import StateMachine, Transition

STAFF = ("staff", "system")
ANYBODY = ("staff", "customer", "system")

ORDER = StateMachine(
    name="orders.order",
    title="the order",
    initial=("draft", "pending"),
    transitions=(
        Transition(
            source="draft",
            target="pending",
            who=ANYBODY,
            guard="lines, addresses, delivery and accepted terms are there; all stock is promised, or it fails whole",
        ),
        Transition(source="draft", target="cancelled", who=STAFF),
        Transition(source="pending", target="confirmed", who=STAFF, guard="paid, or the store delivers before payment"),
        Transition(source="pending", target="expired", who=("system",), guard="unpaid past the store's limit"),
        Transition(source="pending", target="declined", who=STAFF, guard="nothing was shipped"),
        Transition(source="pending", target="cancelled", who=ANYBODY, guard="nothing was shipped; with a reason"),
        Transition(
            source="confirmed",
            target="cancelled",
            who=ANYBODY,
            guard="nothing was shipped or is being picked; with a reason",
        ),
        Transition(
            source="confirmed",
            target="completed",
            who=STAFF,
            guard="every piece is delivered, cancelled or returned, no return is open, and the money is balanced",
        ),
    ),
)

FULFILMENT = StateMachine(
    name="orders.fulfilment",
    title="the parcel",
    initial=("pending",),
    transitions=(
        Transition(source="pending", target="picking"),
        Transition(source="pending", target="packed"),
        Transition(source="pending", target="shipped", guard="the pieces leave stock"),
        Transition(source="pending", target="cancelled", who=STAFF),
        Transition(source="picking", target="packed"),
        Transition(source="picking", target="shipped", guard="the pieces leave stock"),
        Transition(source="picking", target="cancelled", who=STAFF),
        Transition(source="packed", target="shipped", guard="the pieces leave stock"),
        Transition(source="packed", target="cancelled", who=STAFF),
        Transition(source="shipped", target="delivered", who=STAFF),
        Transition(source="shipped", target="lost"),
        Transition(source="shipped", target="returned_to_sender"),
    ),
)

RETURN = StateMachine(
    name="orders.return",
    title="the return",
    initial=("requested", "approved"),
    transitions=(
        Transition(source="requested", target="approved"),
        Transition(source="requested", target="rejected", guard="with a reason; a withdrawal is not refused"),
        Transition(source="approved", target="in_transit", who=ANYBODY),
        Transition(source="approved", target="received", guard="pieces are counted, with their condition"),
        Transition(source="approved", target="closed", guard="nothing came back"),
        Transition(source="in_transit", target="received", guard="pieces are counted, with their condition"),
        Transition(source="received", target="refunded", guard="never more than was paid and not given back"),
        Transition(source="received", target="closed", guard="nothing is owed for it, or it was exchanged"),
    ),
)

CHANGE = StateMachine(
    name="orders.change",
    title="the change",
    initial=("draft",),
    transitions=(
        Transition(source="draft", target="requested", guard="its effect on the money is known"),
        Transition(source="draft", target="cancelled"),
        Transition(source="requested", target="confirmed", who=ANYBODY, guard="it still can be done whole"),
        Transition(source="requested", target="declined", who=ANYBODY),
        Transition(source="requested", target="cancelled"),
    ),
)

CART = StateMachine(
    name="orders.cart",
    title="the cart",
    initial=("active",),
    transitions=(
        Transition(source="active", target="completed", who=("customer",), guard="an order was placed from it"),
        Transition(source="active", target="merged", who=("customer",), guard="its owner signed in and had another"),
        Transition(source="active", target="abandoned", who=("system",), guard="untouched for the store's limit"),
    ),
)

ALL = (ORDER, CART, FULFILMENT, RETURN, CHANGE)
