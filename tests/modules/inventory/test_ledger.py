"""Whatever happens to stock in whatever order: counters stay possible, and the ledger explains each of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import orion_inventory
from orion_core.context import RequestContext
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_host.kit.sources import parse
from orion_inventory.exceptions import NotEnoughStock, NothingChanges
from orion_inventory.models import Inventory
from orion_inventory.schemas import AdjustmentInput
from orion_inventory.services import demand as stock
from orion_inventory.services.places import adjust
from tests.modules.inventory.shelves import add_variant, assert_proven, counters, soon

COUNTERS = {"on_hand", "reserved", "unavailable", "entries"}
WRITES = re.compile(r"(?:UPDATE|INSERT INTO|DELETE FROM) inventory\.(?:inventory|allocations|inventory_transactions)\b")
STEPS = st.tuples(
    st.sampled_from(["allocate", "release", "ship", "take_back", "hold", "set", "write_off", "set_aside", "put_back"]),
    st.integers(0, 2),
    st.integers(1, 9),
)


def writers(source: str) -> Iterator[str]:
    """Yield what in a file writes counters, allocations or ledger rows."""
    yield from WRITES.findall(source)
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in COUNTERS:
            yield node.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
            if node.func.id in {"Allocation", "InventoryTransaction"} or (
                node.func.id in {"update", "delete", "insert"} and named & {"Allocation", "InventoryTransaction"}
            ):
                yield node.func.id
            if node.func.id in {"update", "Inventory"} and COUNTERS & {word.arg for word in node.keywords}:
                yield node.func.id
            if node.func.id == "update" and "Inventory" in named:
                yield node.func.id


def test_nothing_but_the_ledger_writes_counters_allocations_and_its_rows() -> None:
    folder = Path(orion_inventory.__file__).parent
    found = {path.name for path in folder.rglob("*.py") if any(writers(path.read_text()))}
    assert found == {"ledger.py"}


@pytest.mark.parametrize(
    "forbidden",
    ["place.on_hand = 3", "update(Inventory)", "Allocation(quantity=1)", "'UPDATE inventory.allocations SET quantity'"],
)
def test_a_second_writer_would_be_noticed(forbidden: str) -> None:
    assert list(writers(forbidden))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=st.lists(STEPS, max_size=12))
def test_any_sequence_of_steps_keeps_the_sums(store: RequestContext, steps: list[tuple[str, int, int]]) -> None:
    variant = add_variant(f"A-{new_id()}", {"front": 4, "back": 4})
    orders = [new_id() for _ in range(3)]
    for step in steps:
        take(variant, orders, *step)
        for on_hand, reserved, unavailable in counters(variant).values():
            assert 0 <= reserved <= on_hand
            assert unavailable >= 0
    assert_proven(store)


def take(variant: UUID, orders: list[UUID], name: str, who: int, pieces: int) -> None:
    order, demand = orders[who], {variant: pieces}
    with unit_of_work() as session:
        if name == "allocate":
            before = stock.available(session, [variant], order)[variant] or 0
            short = stock.allocate(session, order, order, demand)
            assert short == ({} if pieces <= before else {variant: before})
        elif name == "release":
            stock.release(session, order, demand)
        elif name == "ship":
            stock.ship(session, order, new_id(), demand)
        elif name == "take_back":
            condition = ("resellable", "damaged", "quarantine")[who]
            stock.take_back(session, order, new_id(), [(variant, pieces, condition)])
        elif name == "hold":
            stock.hold(session, order, demand, soon())
        else:
            correct(session, variant, name, who, pieces)


def correct(session: Session, variant: UUID, what: str, who: int, pieces: int) -> None:
    places = session.scalars(select(Inventory.id).where(Inventory.variant_id == variant).order_by(Inventory.id)).all()
    wanted = {"inventory_id": places[who % 2], "what": what, "quantity": pieces, "reason": "counted"}
    try:
        adjust(session, variant, AdjustmentInput.model_validate(wanted))
    except (NotEnoughStock, NothingChanges):
        session.rollback()
