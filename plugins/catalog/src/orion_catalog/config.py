"""Settings of the catalogue."""

from pydantic import Field

from orion_core.settings import ModuleSettings


class CatalogConfig(ModuleSettings):
    module = "catalog"

    page_size: int = Field(default=24, ge=4, le=100, description="Products on a page of the shop")
    default_tax_class: str = Field(default="standard", description="Tax class of new products")
    import_tax_rate_bp: int | None = Field(
        default=None, ge=0, le=10_000, description="Tax rate of feed rows that name none, in basis points"
    )
    import_batch_rows: int = Field(default=5000, ge=100, le=5000, description="Feed rows applied at a time")
    import_shrink_percent: int = Field(
        default=30,
        ge=0,
        le=100,
        description="Most products a complete feed may archive by leaving them out, in percent",
    )
    import_max_megabytes: int = Field(default=1024, ge=1, le=4096, description="Largest feed file accepted")
