"""Table of contents of the inventory module."""

from orion_core import ModuleDefinition, Tier

definition = ModuleDefinition(
    name="inventory",
    title="Inventory",
    tier=Tier.OPTIONAL,
    summary="Stock by location, reservations that expire, a typed ledger, transfers and stocktakes.",
    requires=("core", "tenancy", "catalog"),
)
