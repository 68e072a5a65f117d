"""All that other modules may use of the catalogue: products and prices as plain values, and its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select

from orion_catalog.events import PriceChanged, ProductCreated, ProductsImported, ProductUpdated
from orion_catalog.exceptions import VariantNotFound
from orion_catalog.models import Product, Variant
from orion_catalog.services.staff_lists import hits
from orion_core.context import current_context
from orion_core.db import Prepared, any_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "PriceChanged",
    "ProductCreated",
    "ProductUpdated",
    "ProductsImported",
    "SaleItem",
    "VariantNotFound",
    "find_variants",
    "find_variants_by_sku",
    "get_variant",
    "search_variants",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItem:
    """A variant as an order needs it.

    Args:
        variant_id: Its id.
        product_id: Its product's id.
        sku: The store's article number.
        gtin: EAN, UPC or ISBN, if known.
        title: Product title in the language of the request, else in the store's.
        slug: Last part of the product page's address.
        options: Such as ``{"size": "52"}``.
        image: Address of the first picture.
        price_minor: Gross price in the currency's smallest unit.
        compare_at_minor: Price before a reduction.
        currency: ISO 4217 code.
        tax_class: Such as ``standard`` or ``reduced``.
        tax_rate_bp: Rate that overrides the class, in basis points.
        is_adult: Whether it may only be delivered to people of 18 and older.
        is_sellable: Whether product and variant are on sale now. Stock is not looked at.
        quantity_hint: Pieces as the last feed said, where no inventory knows better.
    """

    variant_id: UUID
    product_id: UUID
    sku: str
    gtin: str | None
    title: str
    slug: str
    options: dict[str, Any]
    image: str | None
    price_minor: int
    compare_at_minor: int | None
    currency: str
    tax_class: str
    tax_rate_bp: int | None
    is_adult: bool
    is_sellable: bool
    quantity_hint: int | None


_COLUMNS = (
    Variant.id,
    Variant.product_id,
    Variant.sku,
    Variant.gtin,
    Product.title,
    Product.slug,
    Variant.options,
    Product.image,
    Variant.price_minor,
    Variant.compare_at_minor,
    Variant.currency,
    Product.tax_class,
    Product.tax_rate_bp,
    Product.is_adult,
    Variant.is_active & (Product.status == "active"),
    Variant.quantity_hint,
)
_ITEMS = select(*_COLUMNS, Product.translations).join(
    Product, (Product.store_id == Variant.store_id) & (Product.id == Variant.product_id)
)
_BY_ID = Prepared(_ITEMS.where(any_of(Variant.id, "ids")))
_BY_SKU = Prepared(_ITEMS.where(any_of(Variant.sku, "skus")))


def find_variants(session: Session, ids: Iterable[UUID]) -> dict[UUID, SaleItem]:
    """Return what the current store sells under these ids; unknown ids are left out.

    Args:
        session: A session of the current tenant.
        ids: Variant ids.
    """
    return {item.variant_id: item for item in _items(session, _BY_ID, {"ids": list(ids)})}


def find_variants_by_sku(session: Session, skus: Iterable[str]) -> dict[str, SaleItem]:
    """Return what the current store sells under these article numbers; unknown ones are left out.

    Args:
        session: A session of the current tenant.
        skus: Article numbers.
    """
    return {item.sku: item for item in _items(session, _BY_SKU, {"skus": list(skus)})}


def get_variant(session: Session, variant_id: UUID) -> SaleItem:
    """Return what the current store sells under this id.

    Args:
        session: A session of the current tenant.
        variant_id: The variant.

    Raises:
        VariantNotFound: There is none.
    """
    found = find_variants(session, [variant_id]).get(variant_id)
    if found is None:
        raise VariantNotFound
    return found


def search_variants(session: Session, words: str, limit: int) -> list[UUID]:
    """Return ids of the current store's variants, in every state, by what people type, in order of their numbers.

    Args:
        session: A session of the current tenant, or a platform-wide one.
        words: The beginning of an article number, a GTIN, or words of the product; empty finds all.
        limit: Most ids wanted.
    """
    wanted = or_(
        Variant.sku.istartswith(words, autoescape=True), Variant.gtin == words, Variant.product_id.in_(hits(words))
    )
    here = Variant.store_id == current_context().store.id
    return list(session.scalars(select(Variant.id).where(here, wanted).order_by(Variant.sku).limit(limit)))


def _items(session: Session, statement: Prepared, values: dict[str, Any]) -> list[SaleItem]:
    names, locale = tuple(SaleItem.__dataclass_fields__), current_context().locale
    items = []
    for *own, translations in statement.rows(session, values):
        item = dict(zip(names, own, strict=True))
        item["title"], item["slug"] = translations.get(locale, (item["title"], item["slug"]))
        items.append(SaleItem(**item))
    return items
