"""A product as the shop shows it, its variants and categories included, with one statement."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_catalog.exceptions import ProductNotFound
from orion_core.context import current_context
from orion_core.db import Prepared
from orion_core.money import Money

_DETAIL = text("""
    SELECT
        p.id, coalesce(t.slug, p.slug), coalesce(t.title, p.title), coalesce(t.description, p.description),
        p.brand, p.condition, p.is_adult, p.tax_class, p.tax_rate_bp, p.price_minor, p.max_price_minor,
        p.compare_at_minor, p.currency, p.in_stock, p.images::text, p.option_names::text,
        (
            SELECT coalesce(json_agg(json_build_object(
                'id', v.id, 'sku', v.sku, 'gtin', v.gtin, 'options', v.options, 'price_minor', v.price_minor,
                'compare_at_minor', v.compare_at_minor, 'currency', v.currency,
                'availability', v.availability, 'preorder_days', v.preorder_days
            ) ORDER BY v.position, v.id), '[]')::text
            FROM catalog.variants v WHERE v.product_id = p.id AND v.is_active
        ),
        (
            SELECT coalesce(json_agg(json_build_object(
                'slug', c.slug, 'name', coalesce(c.names ->> :locale, c.name), 'path', c.path
            ) ORDER BY l.position, length(c.path)), '[]')::text
            FROM catalog.product_categories l JOIN catalog.categories c ON c.id = l.category_id
            WHERE l.product_id = p.id
        )
    FROM catalog.products p
    LEFT JOIN catalog.product_texts t ON t.product_id = p.id AND t.language = :locale
    WHERE p.status = 'active' AND p.price_minor IS NOT NULL AND p.id = (
        SELECT id FROM catalog.products WHERE slug = :slug
        UNION ALL
        SELECT product_id FROM catalog.product_texts
        WHERE slug = :slug AND language IN ('en', 'fr', 'de', 'lb')
        LIMIT 1
    )
""")


class Detail(msgspec.Struct):
    """A product of the shop. Prices in minor units; the lists are JSON as PostgreSQL wrote it."""

    id: UUID
    slug: str
    title: str
    description: str
    brand: str | None
    condition: str
    is_adult: bool
    tax_class: str
    tax_rate_bp: int | None
    price_minor: int
    max_price_minor: int
    compare_at_minor: int | None
    currency: str
    in_stock: bool
    images: msgspec.Raw
    option_names: msgspec.Raw
    variants: msgspec.Raw
    categories: msgspec.Raw


@lru_cache(maxsize=1)
def _detail() -> Prepared:
    return Prepared(_DETAIL)


def get_detail(session: Session, slug: str) -> Detail:
    values = {"slug": slug, "locale": current_context().locale}
    rows = _detail().rows(session, values)
    if not rows:
        raise ProductNotFound(f"there is no product {slug!r} in this shop")
    row = rows[0]
    return Detail(*row[:14], *(msgspec.Raw(value.encode()) for value in row[14:]))


def unpacked(detail: Detail) -> dict[str, Any]:
    """Return the product as plain values, for templates."""
    values = {name: getattr(detail, name) for name in detail.__struct_fields__}
    for name, value in values.items():
        if isinstance(value, msgspec.Raw):
            values[name] = msgspec.json.decode(value)
    compare_at = detail.compare_at_minor
    values["price"] = Money(detail.price_minor, detail.currency)
    values["compare_at"] = None if compare_at is None else Money(compare_at, detail.currency)
    return values
