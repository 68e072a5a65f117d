"""The lives of transfers and stocktakes, as data."""

from orion_core import StateMachine, Transition

TRANSFER = StateMachine(
    name="inventory.transfer",
    title="the transfer",
    initial=("draft",),
    transitions=(
        Transition(source="draft", target="in_transit", guard="the pieces are free at the place they leave"),
        Transition(source="draft", target="cancelled"),
        Transition(source="in_transit", target="received", guard="all has arrived, or the rest is declared missing"),
        Transition(source="in_transit", target="cancelled", guard="what has not arrived goes back"),
    ),
)

STOCKTAKE = StateMachine(
    name="inventory.stocktake",
    title="the stocktake",
    initial=("open",),
    transitions=(
        Transition(source="open", target="counted", guard="every place is counted"),
        Transition(source="open", target="cancelled"),
        Transition(source="counted", target="open"),
        Transition(source="counted", target="approved"),
        Transition(source="counted", target="cancelled"),
        Transition(source="approved", target="posted", guard="no more is missing than is free"),
        Transition(source="approved", target="cancelled"),
    ),
)
