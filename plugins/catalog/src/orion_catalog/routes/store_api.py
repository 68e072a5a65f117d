"""The store team's API: products, variants, prices, categories."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from orion_catalog.schemas import (
    CategoryInput,
    CategoryOut,
    PriceChangeOut,
    PriceInput,
    ProductChange,
    ProductInput,
    ProductOut,
    ProductRow,
    Status,
    VariantInput,
    VariantOut,
)
from orion_catalog.services import categories, prices, products
from orion_catalog.services.staff_lists import StaffQuery
from orion_catalog.services.staff_lists import list_products as find_products
from orion_catalog.services.summaries import refresh_products
from orion_core.web import CursorDep, Page, Router, SessionDep, VersionDep, next_cursor, requires, set_etag

router = Router()
VIEW = [requires("catalog.view_products")]
EDIT = [requires("catalog.edit_products")]
MANAGE = [requires("catalog.manage_categories")]


@router.get("/products", dependencies=VIEW)
def list_products(
    *,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    status: Status | None = None,
    category_id: UUID | None = None,
    sort: Annotated[str, Query(description="newest, name, -name, price or -price")] = "newest",
) -> Page[ProductRow]:
    """List products in every state."""
    query = StaffQuery(q=q.replace("\0", ""), status=status or "", category_id=category_id, sort=sort)
    rows, key = find_products(session, query, cursor.limit, cursor.after)
    return Page(items=[ProductRow.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/products", dependencies=EDIT, status_code=201)
def create_product(session: SessionDep, response: Response, given: ProductInput) -> ProductOut:
    """Make a draft with its variants."""
    return _answer(session, response, products.create_product(session, given))


@router.get("/products/{product_id}", dependencies=VIEW)
def get_product(session: SessionDep, response: Response, product_id: UUID) -> ProductOut:
    """Return a product with variants, texts and categories."""
    return _answer(session, response, products.get_product(session, product_id))


@router.put("/products/{product_id}", dependencies=EDIT)
def edit_product(
    session: SessionDep, response: Response, product_id: UUID, given: ProductChange, version: VersionDep
) -> ProductOut:
    """Change a product; send its ETag in If-Match to notice the changes of others."""
    return _answer(session, response, products.edit_product(session, product_id, given, version))


@router.post("/products/{product_id}/publish", dependencies=EDIT)
def publish_product(session: SessionDep, response: Response, product_id: UUID, version: VersionDep) -> ProductOut:
    """Show a product in the shop."""
    return _answer(session, response, products.publish_product(session, product_id, version))


@router.post("/products/{product_id}/archive", dependencies=EDIT)
def archive_product(session: SessionDep, response: Response, product_id: UUID, version: VersionDep) -> ProductOut:
    """Take a product out of the shop."""
    return _answer(session, response, products.archive_product(session, product_id, version))


@router.post("/products/{product_id}/variants", dependencies=EDIT, status_code=201)
def add_variant(session: SessionDep, product_id: UUID, given: VariantInput) -> VariantOut:
    """Add a variant to a product."""
    product = products.get_locked(session, product_id, None)
    variant = prices.add_variants(session, product, [given])[0]
    refresh_products(session, [product.id])
    return VariantOut.model_validate(variant)


@router.put("/variants/{variant_id}", dependencies=EDIT)
def edit_variant(
    session: SessionDep,
    variant_id: UUID,
    given: VariantInput,
    is_active: bool = True,  # noqa: FBT001
) -> VariantOut:
    """Change a variant; ``is_active=false`` takes it off sale."""
    return VariantOut.model_validate(prices.edit_variant(session, variant_id, given, is_active=is_active))


@router.put("/variants/{variant_id}/price", dependencies=EDIT)
def set_price(session: SessionDep, variant_id: UUID, given: PriceInput) -> VariantOut:
    """Ask another price; the old one stays in the history."""
    return VariantOut.model_validate(prices.set_price(session, variant_id, given))


@router.get("/variants/{variant_id}/prices", dependencies=VIEW)
def list_price_changes(session: SessionDep, variant_id: UUID) -> list[PriceChangeOut]:
    """Return the latest 200 changes of a price, oldest first."""
    found = prices.list_price_changes(session, prices.get_variant(session, variant_id).id)
    return [PriceChangeOut.model_validate(change) for change in found]


@router.get("/categories", dependencies=VIEW)
def list_categories(session: SessionDep) -> list[CategoryOut]:
    """Return all categories in the order of the tree."""
    return [CategoryOut.model_validate(category) for category in categories.list_categories(session)]


@router.post("/categories", dependencies=MANAGE, status_code=201)
def create_category(session: SessionDep, response: Response, given: CategoryInput) -> CategoryOut:
    """Make a category."""
    return _category(response, categories.create_category(session, given))


@router.put("/categories/{category_id}", dependencies=MANAGE)
def edit_category(
    session: SessionDep, response: Response, category_id: UUID, given: CategoryInput, version: VersionDep
) -> CategoryOut:
    """Rename or move a category."""
    return _category(response, categories.edit_category(session, category_id, given, version))


@router.delete("/categories/{category_id}", dependencies=MANAGE, status_code=204)
def delete_category(session: SessionDep, category_id: UUID) -> None:
    """Remove a category that has none below it; its products stay."""
    categories.delete_category(session, category_id)


def _answer(session: Any, response: Response, product: Any) -> ProductOut:
    set_etag(response, product.version)
    return products.describe(session, product)


def _category(response: Response, category: Any) -> CategoryOut:
    set_etag(response, category.version)
    return CategoryOut.model_validate(category)
