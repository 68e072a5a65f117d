"""The product row a feed yields, and the hash that tells whether it changed since the last file."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

_FURTHER_PATHS = ("additional_product_type_1", "additional_product_type_2", "additional_product_type_3")
# Changes whenever the meaning of a field does: every product then counts as changed once.
_MEANING = 1


class FeedRow(NamedTuple):
    """One product or variant of the feed; prices in minor units, tax rate in basis points.

    `content_hash` covers every field but the place in the file and the warnings: rows with the same hash say
    the same. `warnings` holds the codes of what was read with a remark.
    """

    row: int
    line: int
    external_id: str
    title: str
    description: str | None
    brand: str | None
    gtin: str | None
    mpn: str | None
    price_minor: int
    sale_price_minor: int | None
    currency: str
    tax_rate: int | None
    quantity: int | None
    availability: str | None
    preorder_days: int | None
    condition: str
    delivery_method: str
    boost_sort: Decimal | None
    category: tuple[str, ...]
    further_categories: tuple[tuple[str, ...], ...]
    google_category: str | None
    link: str | None
    images: tuple[str, ...]
    item_group_id: str | None
    options: dict[str, str]
    adult: bool
    identifier_exists: bool | None
    extras: dict[str, str]
    content_hash: bytes
    warnings: tuple[str, ...]


def product_row(
    row: int,
    line: int,
    found: dict[str, Any],
    *,
    options: dict[str, str],
    extras: dict[str, str],
    warnings: tuple[str, ...],
) -> FeedRow:
    """Build the row from checked values by column name; what is absent or empty becomes None."""
    fields = _fields(found, options, extras)
    digest = blake2b(msgspec.msgpack.encode((_MEANING, fields)), digest_size=16).digest()
    return FeedRow._make((row, line, *fields, digest, warnings))


def _fields(found: dict[str, Any], options: dict[str, str], extras: dict[str, str]) -> tuple[Any, ...]:
    """Return the values in the order of FeedRow, which is far faster than keywords."""
    get = found.get
    price, currency = found["price"]
    sale_price = get("sale_price")
    return (
        found["id"],
        found["title"],
        get("description") or None,
        get("brand") or None,
        get("gtin"),
        get("mpn"),
        price,
        sale_price[0] if sale_price else None,
        currency,
        get("tax_rate"),
        get("quantity"),
        get("availability"),
        get("preorder_days"),
        get("condition", "new"),
        get("delivery_method", "package_delivery"),
        get("boost_sort"),
        get("product_type", ()),
        tuple(filter(None, map(get, _FURTHER_PATHS))),
        get("google_product_category") or None,
        get("link"),
        _images(get("image_link"), get("additional_image_link", ())),
        get("item_group_id"),
        options,
        get("adult", False),
        get("identifier_exists"),
        extras,
    )


def _images(first: str | None, others: tuple[str, ...]) -> tuple[str, ...]:
    if first is None or not others:
        return (first,) if first else others
    return (first, *(image for image in others if image != first))
