"""The life of a data request, as data."""

from orion_core import StateMachine, Transition

DATA_REQUEST = StateMachine(
    name="customers.data_request",
    title="the data request",
    initial=("requested",),
    transitions=(
        Transition(
            source="requested",
            target="done",
            who=("staff", "system"),
            guard="an erasure only after its cooling-off days",
        ),
        Transition(source="requested", target="cancelled", who=("customer", "staff")),
    ),
)
