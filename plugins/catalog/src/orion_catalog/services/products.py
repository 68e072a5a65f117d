"""Products: made, edited, published, archived; each change refreshes what lists and search know of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion_catalog.events import ProductCreated, ProductUpdated
from orion_catalog.exceptions import CategoryNotFound, CodeTaken, NothingToSell, ProductNotFound
from orion_catalog.models import Category, Product, ProductCategory, ProductText, Variant
from orion_catalog.schemas import ProductChange, ProductInput, ProductOut, TextInput, VariantOut
from orion_catalog.services.prices import add_variants
from orion_catalog.services.slugs import distinct, slugify
from orion_catalog.services.summaries import refresh_products
from orion_core.context import current_context
from orion_core.db import duplicate_key
from orion_core.errors import StaleVersion
from orion_core.events import publish
from orion_core.services.audit import audit

_PLAIN = ("title", "description", "brand", "condition", "is_adult", "tax_class", "tax_rate_bp")


def create_product(session: Session, given: ProductInput) -> Product:
    """Make a draft.

    Raises:
        CodeTaken: A number or address is in use in this store.
    """
    slug = _free_slug(session, Product.slug, given.slug, given.title, given.variants[0].sku)
    product = Product(
        external_id=given.external_id or given.variants[0].sku,
        is_group=len(given.variants) > 1,
        slug=slug,
        currency=current_context().store.currency,
    )
    _set(product, given)
    session.add(product)
    flush(session)
    add_variants(session, product, given.variants)
    _set_texts(session, product, given.texts, given.variants[0].sku)
    _set_categories(session, product, given.category_ids)
    flush(session)
    refresh_products(session, [product.id])
    publish(session, ProductCreated(product_id=product.id, title=product.title))
    audit(session, "catalog.create_product", product, title=product.title)
    return product


def edit_product(session: Session, product_id: UUID, given: ProductChange, version: int | None) -> Product:
    """Change a product's own values, texts and categories.

    Raises:
        StaleVersion: Somebody changed it since the caller read it.
        CodeTaken: The address is in use in this store.
    """
    product = get_locked(session, product_id, version)
    _set(product, given)
    product.slug = given.slug or product.slug
    _set_texts(session, product, given.texts, product.external_id)
    _set_categories(session, product, given.category_ids)
    _changed(session, product, "catalog.edit_product")
    return product


def publish_product(session: Session, product_id: UUID, version: int | None = None) -> Product:
    """Show a product in the shop.

    Raises:
        NothingToSell: It has no active variant.
    """
    product = get_locked(session, product_id, version)
    if not session.scalar(select(Variant.id).where(Variant.product_id == product.id, Variant.is_active).limit(1)):
        raise NothingToSell
    product.status = "active"
    _changed(session, product, "catalog.publish_product")
    return product


def archive_product(session: Session, product_id: UUID, version: int | None = None) -> Product:
    """Take a product out of the shop; orders keep what they know of it."""
    product = get_locked(session, product_id, version)
    product.status = "archived"
    _changed(session, product, "catalog.archive_product")
    return product


def get_product(session: Session, product_id: UUID) -> Product:
    found = session.scalars(select(Product).where(Product.id == product_id)).one_or_none()
    if found is None:
        raise ProductNotFound
    return found


def get_locked(session: Session, product_id: UUID, version: int | None) -> Product:
    found = session.scalars(select(Product).where(Product.id == product_id).with_for_update()).one_or_none()
    if found is None:
        raise ProductNotFound
    if version is not None and found.version != version:
        raise StaleVersion
    return found


def describe(session: Session, product: Product) -> ProductOut:
    """Return a product with its variants, texts and categories."""
    texts = session.scalars(select(ProductText).where(ProductText.product_id == product.id))
    variants = list_variants(session, product.id)
    categories = (
        select(ProductCategory.category_id)
        .where(ProductCategory.product_id == product.id)
        .order_by(ProductCategory.position)
    )
    own = {name: getattr(product, name) for name in ProductOut.model_fields if hasattr(product, name)}
    return ProductOut(
        **own,
        texts={t.language: {"title": t.title, "description": t.description, "slug": t.slug} for t in texts},
        variants=[VariantOut.model_validate(variant) for variant in variants],
        category_ids=list(session.scalars(categories)),
    )


def list_variants(session: Session, product_id: UUID) -> list[Variant]:
    chosen = select(Variant).where(Variant.product_id == product_id)
    return list(session.scalars(chosen.order_by(Variant.position, Variant.id)))


def flush(session: Session) -> None:
    """Write what is pending.

    Raises:
        CodeTaken: A number or address is in use in this store.
    """
    try:
        session.flush()
    except IntegrityError as error:
        key = duplicate_key(error)
        field = next((field for field in ("slug", "sku", "external_id") if field in key), "")
        if not field:
            raise
        raise CodeTaken(errors={field: CodeTaken.title}) from error


def _changed(session: Session, product: Product, action: str) -> None:
    flush(session)
    refresh_products(session, [product.id])
    session.refresh(product)
    publish(session, ProductUpdated(product_id=product.id, status=product.status))
    audit(session, action, product, title=product.title, status=product.status)


def _set(product: Product, given: ProductChange) -> None:
    for name in _PLAIN:
        setattr(product, name, getattr(given, name))
    product.boost_sort = Decimal(str(given.boost_sort))
    product.images = [image.model_dump() for image in given.images]


def _set_texts(session: Session, product: Product, texts: dict[Any, TextInput], code: str) -> None:
    old = session.scalars(select(ProductText).where(ProductText.product_id == product.id))
    existing = {text.language: text for text in old}
    for language, given in texts.items():
        if language == current_context().store.locale:
            continue
        text = existing.pop(language, None) or ProductText(product_id=product.id, language=language)
        text.title, text.description = given.title, given.description
        if given.slug or text.slug is None:
            text.slug = _free_slug(session, ProductText.slug, given.slug, given.title, code)
        session.add(text)
    for gone in existing.values():
        session.delete(gone)


def _set_categories(session: Session, product: Product, category_ids: Iterable[UUID]) -> None:
    wanted = list(dict.fromkeys(category_ids))
    known = set(session.scalars(select(Category.id).where(Category.id.in_(wanted))))
    if missing := [str(category_id) for category_id in wanted if category_id not in known]:
        raise CategoryNotFound(f"there is no category {', '.join(missing)}")
    session.execute(delete(ProductCategory).where(ProductCategory.product_id == product.id))
    session.add_all(
        ProductCategory(product_id=product.id, category_id=category_id, position=position)
        for position, category_id in enumerate(wanted)
    )


def _free_slug(session: Session, column: Any, wanted: str | None, title: str, code: str) -> str:
    if wanted:
        return wanted
    wishes = (slugify(title), slugify(f"{title[:60]} {code}"))
    taken = set(session.scalars(select(column).where(column.startswith(wishes[0], autoescape=True)).limit(1000)))
    return distinct(wishes, taken)
