"""The demo: every article of every store is counted, some run low, some are gone, and the ledger is proven."""

from typing import Any

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.testing import Stage
from orion_inventory.services.lists import StockQuery, figures, list_stock
from orion_inventory.services.proof import count_proven, find_differences


def test_the_demo_fills_the_shelves_through_the_ledger(stage: Stage) -> None:
    world: dict[str, Any] = {"password": "demo-password-1", "places": [], "logins": []}
    with use_context(RequestContext()), platform_scope("plant the demo") as session:
        for _, plant in stage.assembly.implementations("orion_demo"):
            plant(session=session, world=world)
    with use_context(RequestContext()), platform_scope("prove the demo") as session:
        assert find_differences(session) == []
        places, rows = count_proven(session)
        assert places == 2 * sum(map(len, world["products"].values()))
        assert rows > places / 2
    for store in world["stores"]:
        with use_context(RequestContext(tenant=store["tenant"])), unit_of_work() as session:
            lines, _ = list_stock(session, StockQuery(), 100, None)
            low = figures(session)["low_count"]
            assert len(lines) > 20
            assert 0 < low < len(lines)
            assert any(line.available == 0 for line in lines)
