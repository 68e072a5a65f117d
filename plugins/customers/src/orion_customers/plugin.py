"""Table of contents of the customers module."""

from typing import Any

from orion_core import ModuleDefinition, Tier, hookimpl

definition = ModuleDefinition(
    name="customers",
    title="Customers",
    tier=Tier.CORE,
    summary="A store's customers: accounts, addresses, groups, consents, wishlist, export and erasure.",
    requires=("core", "tenancy", "catalog"),
)


@hookimpl
def orion_hookspecs() -> list[Any]:
    from orion_customers import hookspecs

    return [hookspecs]
