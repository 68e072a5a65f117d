"""The catalog module's tables; importing this package maps them all."""

from orion_catalog.models.base import Base
from orion_catalog.models.categories import Category, ProductCategory
from orion_catalog.models.imports import FeedChunk, FeedImport, FeedImportError
from orion_catalog.models.products import (
    AVAILABILITIES,
    STATUSES,
    PriceChange,
    Product,
    ProductText,
    Variant,
)
from orion_catalog.models.search import ProductSearch, SearchWord

__all__ = [
    "AVAILABILITIES",
    "STATUSES",
    "Base",
    "Category",
    "FeedChunk",
    "FeedImport",
    "FeedImportError",
    "PriceChange",
    "Product",
    "ProductCategory",
    "ProductSearch",
    "ProductText",
    "SearchWord",
    "Variant",
]
