"""What other modules can react to: products made and changed, prices, imports."""

from uuid import UUID

from orion_core.events import Event


class ProductCreated(Event):
    type = "catalog.product_created.v1"

    product_id: UUID
    title: str

    @property
    def aggregate_id(self) -> UUID:
        return self.product_id


class ProductUpdated(Event):
    type = "catalog.product_updated.v1"

    product_id: UUID
    status: str

    @property
    def aggregate_id(self) -> UUID:
        return self.product_id


class PriceChanged(Event):
    """A person or program changed a price; amounts in minor units."""

    type = "catalog.price_changed.v1"

    product_id: UUID
    variant_id: UUID
    sku: str
    old_price_minor: int | None
    price_minor: int
    currency: str

    @property
    def aggregate_id(self) -> UUID:
        return self.product_id


class ProductsImported(Event):
    """A batch of an import was applied: the products it made or changed, prices included."""

    type = "catalog.products_imported.v1"

    import_id: UUID
    created: int
    updated: int
    product_ids: list[UUID]

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id
