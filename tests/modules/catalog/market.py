"""What tests of the catalogue start from: stores with keys, products, feeds."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orion_catalog.models import FeedImport
from orion_catalog.schemas import ProductInput
from orion_catalog.services.imports import record_import, run_import
from orion_catalog.services.products import create_product, publish_product
from orion_core.context import RequestContext, Tenant
from orion_core.db import unit_of_work

PERMISSIONS = [f"catalog.{name}" for name in ("view_products", "edit_products", "manage_categories", "import_products")]
HEADER = "id\ttitle\tdescription\tprice\tsale_price\tproduct_type\titem_group_id\tsize\tquantity\tgtin"


@dataclass
class Market:
    """The stores of the template database with their API keys."""

    tenants: dict[str, Tenant] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, str] = field(default_factory=dict)

    def context(self, code: str, **values: Any) -> RequestContext:
        return RequestContext(tenant=self.tenants[code], **values)


def product_input(sku: str = "A-1", price_minor: int = 1250, **values: Any) -> ProductInput:
    given = {
        "title": f"Article {sku}",
        "description": "Made by hand.",
        "variants": [{"sku": sku, "price_minor": price_minor}],
        **values,
    }
    return ProductInput.model_validate(given)


def add_product(sku: str = "A-1", *, active: bool = True, **values: Any) -> Any:
    """Make a product in a transaction of its own and return it."""
    with unit_of_work() as session:
        product = create_product(session, product_input(sku, **values))
        if active:
            publish_product(session, product.id)
    return product


def feed(*rows: str | Sequence[str]) -> bytes:
    """Return a feed of lines whose cells stand in the order of ``HEADER``; missing cells are empty."""
    width = HEADER.count("\t") + 1
    lines = ["\t".join([*row, *[""] * (width - len(row))]) if not isinstance(row, str) else row for row in rows]
    return "\n".join([HEADER, *lines, ""]).encode()


def import_feed(content: bytes, *, is_complete: bool = False, name: str = "feed.tsv") -> FeedImport:
    with unit_of_work() as session:
        import_id = record_import(session, name, len(content), is_complete=is_complete).id
    return run_import(import_id, lambda _done, _total: None, io.BytesIO(content))


def outcome(done: FeedImport) -> tuple[int, int, int, int]:
    """Return created, updated, unchanged, rejected."""
    return done.created, done.updated, done.unchanged, done.rejected
