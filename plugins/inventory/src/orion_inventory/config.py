"""Settings of inventory."""

from pydantic import Field

from orion_core.settings import ModuleSettings


class InventoryConfig(ModuleSettings):
    module = "inventory"

    low_stock_at: int = Field(
        default=5, ge=0, le=10_000, description="Free pieces at which a newly tracked article counts as low"
    )
    untracked_sells: bool = Field(
        default=True, description="Whether articles that no place keeps sell without limit; otherwise not at all"
    )
