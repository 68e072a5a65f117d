"""Without inventory orders sells without limit; switched off on one platform, it is silent there alone."""

from dataclasses import replace

from orion_core.context import RequestContext, use_context
from orion_core.db import platform_scope
from orion_core.runtime import use_runtime
from orion_core.testing import Market
from orion_host.assembly import assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.testing import build_stage
from tests.modules.orders.checkouts import ready


def test_it_sells_where_inventory_is_not_installed(market: Market, store: RequestContext) -> None:
    assembly = assemble([module for module in installed_modules() if module.name != "inventory"])
    assert "inventory" not in assembly.modules
    with build_stage(market.stage.urls, assembly) as stage, use_runtime(stage.runtime):
        guest, cart_id, total = ready(replace(market, stage=stage), quantity=500)
        assert guest.order(cart_id, total).status_code == 201


def test_its_shop_goes_and_comes_with_the_switch(market: Market, store: RequestContext) -> None:
    assert store.tenant
    switch = market.stage.assembly.contributions("orion_tenants")[0][1].switch_module
    paths = [f"/shop/{where.store.code}/cart" for where in (market.mine, market.other)]
    for on, status in ((False, 404), (True, 200)):
        with use_context(RequestContext()), platform_scope("switch a module") as session:
            switch(session, store.tenant.platform.code, "orders", on=on)
        with build_stage(market.stage.urls, assemble()) as stage:  # no answer is remembered from before
            client = replace(market, stage=stage).client()
            assert [client.get(path).status_code for path in paths] == [status, 200]
