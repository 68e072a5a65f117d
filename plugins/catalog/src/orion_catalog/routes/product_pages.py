"""The store team's pages for products: list, form, publishing, price history."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request

from orion_catalog.models import AVAILABILITIES, STATUSES
from orion_catalog.routes.product_forms import ProductForm, form_values
from orion_catalog.services import categories, prices, products, staff_lists
from orion_catalog.services.summaries import refresh_products
from orion_core.context import current_context
from orion_core.errors import OrionError
from orion_core.web import (
    FORM_ERRORS,
    CursorDep,
    Router,
    SessionDep,
    Submitted,
    next_cursor,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _

router = Router()
VIEW = [requires("catalog.view_products")]
EDIT = [requires("catalog.edit_products")]
FORM = "catalog/store/product_form.html"
ProductFormDep = Annotated[Submitted[ProductForm], submitted(ProductForm)]


@router.get("/products", dependencies=VIEW)
def list_products(
    *,
    request: Request,
    session: SessionDep,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    status: str = "",
    category_id: str = "",
    sort: str = "",
) -> Any:
    category = _uuid(category_id)
    query = staff_lists.StaffQuery(
        q=q.replace("\0", ""),
        status=status if status in STATUSES else "",
        category_id=category,
        sort=sort if sort in staff_lists.STAFF_SORTS else "newest",
    )
    rows, key = staff_lists.list_products(session, query, cursor.limit, cursor.after)
    return render(
        request,
        "catalog/store/products.html",
        query=dict(request.query_params),
        rows=rows,
        next_cursor=next_cursor(key) or "",
        counts=staff_lists.count_by_status(session),
        categories=categories.flatten(categories.get_tree(session)),
    )


@router.get("/products/new", dependencies=EDIT)
def new_product(request: Request, session: SessionDep) -> Any:
    return render(request, FORM, values={"variant_sku": [""]}, errors={}, **_form_parts(session))


@router.post("/products", dependencies=EDIT)
def create_product(request: Request, session: SessionDep, form: ProductFormDep) -> Any:
    try:
        product = products.create_product(session, form.data.product())
    except FORM_ERRORS as error:
        session.rollback()
        return _again(request, session, form, error)
    return redirect(f"/products/{product.id}", _("The product was created as a draft."))


@router.get("/products/{product_id}", dependencies=VIEW)
def show_product(request: Request, session: SessionDep, product_id: UUID) -> Any:
    product = products.get_product(session, product_id)
    values = form_values(products.describe(session, product), products.list_variants(session, product_id))
    return render(request, FORM, values=values, errors={}, **_form_parts(session, product))


@router.post("/products/{product_id}", dependencies=EDIT)
def edit_product(request: Request, session: SessionDep, product_id: UUID, form: ProductFormDep) -> Any:
    try:
        product = products.edit_product(session, product_id, form.data.change(), form.data.version)
        for variant_id, variant in form.data.variants():
            if variant_id is None:
                prices.add_variants(session, product, [variant])
            else:
                active = form.data.is_active(variant_id)
                prices.edit_variant(session, variant_id, variant, is_active=active, product_id=product_id)
        refresh_products(session, [product_id])
    except FORM_ERRORS as error:
        session.rollback()
        return _again(request, session, form, error, products.get_product(session, product_id))
    return redirect(f"/products/{product_id}", _("The product was saved."))


@router.post("/products/{product_id}/publish", dependencies=EDIT)
def publish_product(session: SessionDep, product_id: UUID) -> Any:
    products.publish_product(session, product_id)
    return redirect(f"/products/{product_id}", _("The product is in the shop now."))


@router.post("/products/{product_id}/archive", dependencies=EDIT)
def archive_product(session: SessionDep, product_id: UUID) -> Any:
    products.archive_product(session, product_id)
    return redirect(f"/products/{product_id}", _("The product was taken out of the shop."))


@router.get("/products/{product_id}/prices", dependencies=VIEW)
def show_prices(request: Request, session: SessionDep, product_id: UUID) -> Any:
    product = products.get_product(session, product_id)
    histories = [
        (variant, prices.list_price_changes(session, variant.id))
        for variant in products.list_variants(session, product_id)[:20]
    ]
    return render(request, "catalog/store/prices.html", product=product, histories=histories)


def _again(request: Request, session: Any, form: Submitted[ProductForm], error: OrionError, product: Any = None) -> Any:
    return show_again(request, FORM, form, error, **_form_parts(session, product))


def _form_parts(session: Any, product: Any = None) -> dict[str, Any]:
    store = current_context().store
    return {
        "product": product,
        "categories": categories.flatten(categories.get_tree(session)),
        "languages": [code for code in store.locales if code != store.locale],
        "currency": store.currency,
        "availabilities": AVAILABILITIES,
        "may_edit": _may_edit(),
    }


def _may_edit() -> bool:
    actor = current_context().actor
    return actor is not None and actor.may("catalog.edit_products")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
