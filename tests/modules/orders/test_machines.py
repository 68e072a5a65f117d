"""Parcels, returns and changes take the published steps only; every other one is refused by its name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from orion_core import StateMachine
from orion_core.context import Actor, RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.states import IllegalTransition
from orion_core.testing import Market
from orion_orders.machines import ALL, CHANGE, FULFILMENT, RETURN
from orion_orders.schemas import ChangeInput
from orion_orders.services import changes, fulfilments, return_steps, returns
from orion_orders.services.orders import get_order
from tests.modules.orders.team import desk

Act = Callable[..., Any]
STAFF = Actor(kind="user", name="Mia")


def illegal(machine: StateMachine) -> Iterator[tuple[str, str]]:
    legal = {(step.source, step.target) for step in machine.transitions}
    return ((a, b) for a in machine.states for b in machine.states if (a, b) not in legal)


def parcel(session: Session, order: Any, item: Any) -> Any:
    return fulfilments.create_fulfilment(session, order, {item: 1})


def returned(session: Session, order: Any, item: Any) -> Any:
    fulfilments.move_fulfilment(session, parcel(session, order, item), "shipped")
    return returns.request_return(session, order, {item: 1})


def change(session: Session, order: Any, item: Any) -> Any:
    return changes.draft_change(session, order, ChangeInput(cancel={item: 1}))


@pytest.mark.parametrize(
    ("machine", "make", "move"),
    [
        (FULFILMENT, parcel, fulfilments.move_fulfilment),
        (RETURN, returned, return_steps.move_return),
        (CHANGE, change, changes.move_change),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_every_illegal_step_is_refused_by_name(
    market: Market, store: RequestContext, machine: StateMachine, make: Act, move: Act
) -> None:
    team = desk(market)
    pairs = list(illegal(machine))
    with use_context(replace(store, actor=STAFF)), unit_of_work() as session:
        order = get_order(session, team.order_id)
        (item,) = fulfilments.plannable(session, order)
        record = make(session, order, item)
        for source, target in pairs:
            record.status = source
            session.flush()
            with pytest.raises(IllegalTransition) as refused:
                move(session, record, target)
            assert (refused.value.fields["source"], refused.value.fields["target"]) == (source, target)
    assert len(pairs) > len(machine.transitions)


def test_published_machines_have_an_end_that_can_be_reached() -> None:
    for machine in ALL:
        reached, waiting = set(machine.initial), list(machine.initial)
        while waiting:
            for state in machine.next(waiting.pop()):
                if state not in reached:
                    reached.add(state)
                    waiting.append(state)
        assert reached == set(machine.states), machine.name
        assert machine.final, machine.name
