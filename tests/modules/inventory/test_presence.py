"""With inventory off on one platform it is silent there alone; without orders it still counts."""

from dataclasses import replace

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.ids import new_id
from orion_core.runtime import ask_modules, use_runtime
from orion_core.testing import Market
from orion_host.assembly import assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.testing import build_stage
from orion_inventory.services import demand as stock
from tests.modules.inventory.shelves import add_variant, available, counters


def test_switched_off_on_a_platform_it_is_silent_there_alone(market: Market, store: RequestContext) -> None:
    assert store.tenant
    variant = add_variant(pieces={"main": 1})
    asked = {"variant_ids": [variant], "cart_id": None}
    platform = replace(store.tenant.platform, modules_off=frozenset({"inventory"}))
    for context, answers in (
        (store, [("inventory", {variant: 1})]),
        (replace(store, tenant=replace(store.tenant, platform=platform)), []),
    ):
        with use_context(context), unit_of_work() as session:
            assert ask_modules("orders_available", session=session, **asked) == answers


def test_its_pages_go_and_come_with_the_switch(market: Market, store: RequestContext) -> None:
    assert store.tenant
    variant = add_variant(pieces={"main": 1})
    switch = market.stage.assembly.contributions("orion_tenants")[0][1].switch_module
    path, home = f"/stores/{store.store.code}/inventory", f"/stores/{store.store.code}/"
    for on, status in ((True, 200), (False, 404), (True, 200)):
        with use_context(RequestContext()), platform_scope("switch a module") as session:
            switch(session, store.tenant.platform.code, "inventory", on=on)
        with build_stage(market.stage.urls, assemble()) as stage:  # no answer is remembered from before
            client = replace(market, stage=stage).client("manager")
            assert client.get(path).status_code == status
            assert (f'href="{path}"' in client.get(home).text) is on
    assert counters(variant) == {"main": (1, 0, 0)}


def test_it_counts_where_orders_is_not_installed(market: Market, store: RequestContext) -> None:
    variant = add_variant(pieces={"main": 3})
    assembly = assemble([module for module in installed_modules() if module.name not in {"orders", "customers"}])
    assert "orders" not in assembly.modules
    with build_stage(market.stage.urls, assembly) as stage, use_runtime(stage.runtime):
        with unit_of_work() as session:
            assert stock.allocate(session, new_id(), None, {variant: 2}) == {}
        assert available(variant) == 1
        page = replace(market, stage=stage).client("manager").get(f"/stores/{store.store.code}/inventory")
        assert page.status_code == 200
        assert "A-1" in page.text
