"""Table of contents of the orders module."""

from typing import Any

from orion_core import ModuleDefinition, Tier, hookimpl

definition = ModuleDefinition(
    name="orders",
    title="Orders",
    tier=Tier.OPTIONAL,
    summary="Carts, checkout, promotions, orders, fulfilments, returns, withdrawals and invoices.",
    requires=("core", "tenancy", "catalog", "customers"),
)


@hookimpl
def orion_hookspecs() -> list[Any]:
    from orion_orders import hookspecs

    return [hookspecs]
