"""The columns of a product feed as data, and how a file's header is matched to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from orion_catalog.feed.errors import FeedError

MAX_COLUMNS = 500
_NAMES_SHOWN = 20

Kind = Literal[
    "identifier", "text", "description", "url", "urls", "money", "tax_rate", "quantity", "score",
    "boolean", "gtin", "choice", "path",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    max_length: int
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False


# Names are those of the marketplace format without the prefixes g: and atalanda:; aliases are what plain
# shop exports call the same thing. A name beats an alias when a file has both.
COLUMNS: tuple[Column, ...] = (
    Column("id", "identifier", 100, ("sku", "product_id", "article_number", "item_number"), required=True),
    Column("title", "text", 500, ("name", "product_name"), required=True),
    Column("description", "description", 100_000, ("desc", "product_description")),
    Column("link", "url", 2_000, ("url", "product_url")),
    Column("image_link", "url", 2_000, ("image", "image_url", "picture")),
    Column("additional_image_link", "urls", 20_000, ("additional_images", "images")),
    Column("price", "money", 40, ("gross_price", "regular_price"), required=True),
    Column("sale_price", "money", 40, ("special_price", "offer_price")),
    Column("availability", "choice", 40, (), ("in_stock", "out_of_stock", "preorder", "backorder")),
    Column("quantity", "quantity", 40, ("stock", "qty", "stock_quantity", "inventory")),
    Column("tax_rate", "tax_rate", 40, ("tax", "vat", "vat_rate")),
    Column("preorder_days", "quantity", 40),
    Column(
        "delivery_method", "choice", 40, (), ("package_delivery", "nationwide", "self_collect")
    ),
    Column("boost_sort", "score", 40),
    Column("product_type", "path", 1_000, ("category", "category_path", "categories")),
    Column("additional_product_type_1", "path", 1_000),
    Column("additional_product_type_2", "path", 1_000),
    Column("additional_product_type_3", "path", 1_000),
    Column("google_product_category", "text", 1_000, ("google_category",)),
    Column("brand", "text", 200, ("manufacturer", "vendor")),
    Column("gtin", "gtin", 40, ("ean", "ean13", "upc", "isbn", "barcode")),
    Column("mpn", "identifier", 100, ("manufacturer_part_number",)),
    Column("identifier_exists", "boolean", 10),
    Column("item_group_id", "identifier", 100, ("group_id", "parent_id", "parent_sku")),
    Column("color", "text", 200, ("colour",)),
    Column("size", "text", 200),
    Column("material", "text", 200),
    Column("pattern", "text", 200),
    Column("gender", "choice", 20, (), ("male", "female", "unisex")),
    Column("age_group", "choice", 20, (), ("adult", "kids", "toddler", "infant", "newborn")),
    Column("adult", "boolean", 10),
    Column("condition", "choice", 20, (), ("new", "refurbished", "used")),
)  # fmt: skip

REQUIRED = tuple(column.name for column in COLUMNS if column.required)
OPTION_COLUMNS = ("color", "size", "material", "pattern", "gender", "age_group")
DECIMAL_KINDS: frozenset[Kind] = frozenset({"money", "tax_rate", "score"})

_PREFIX = re.compile(r"^(?:g|atalanda):")
_GAPS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands in a row, and which unknown ones are kept as extras."""

    width: int
    known: dict[str, int]
    extras: tuple[tuple[str, int], ...]
    repeated: tuple[str, ...]


def plain_name(name: str) -> str:
    """Return a header cell without quotes, prefix, case and spelling of gaps."""
    bare = name.strip(" \t\r\n\"'\ufeff\xa0").lower()
    return _GAPS.sub("_", _PREFIX.sub("", bare))


def recognised(names: Iterable[str]) -> set[str]:
    """Return the columns of the format that these header cells stand for."""
    plain = {plain_name(name) for name in names}
    return {column.name for column in COLUMNS if column.name in plain or plain.intersection(column.aliases)}


def map_header(names: Sequence[str]) -> Header:
    """Match header cells to columns.

    Raises:
        FeedError: No header, too many columns, or a required column is missing.
    """
    _check(names)
    plain = [plain_name(name) for name in names]
    known: dict[str, int] = {}
    for column in COLUMNS:
        wanted = next((word for word in (column.name, *column.aliases) if word in plain), None)
        if wanted is not None:
            known[column.name] = plain.index(wanted)
    taken = set(known.values())
    left_over = [position for position in range(len(names)) if position not in taken]
    extras: dict[str, int] = {}
    for position in left_over:
        name = names[position].strip()[:100] or f"column {position + 1}"
        extras[name if name not in extras else f"{name} ({position + 1})"] = position
    repeated = tuple(plain[position] for position in left_over if plain[position] in known)
    return Header(len(names), known, tuple(sorted(extras.items())), repeated)


def _check(names: Sequence[str]) -> None:
    found = recognised(names)
    missing = [name for name in REQUIRED if name not in found]
    if len(names) > MAX_COLUMNS:
        raise FeedError(
            "too_many_columns",
            f"The header has {len(names)} columns; {MAX_COLUMNS} is the most.",
            "Check that the first line holds only column names.",
        )
    if missing:
        seen = ", ".join(repr(name.strip()[:40]) for name in names[:_NAMES_SHOWN])
        code = "missing_columns" if found else "no_header"
        raise FeedError(
            code,
            f"The first line must name the columns {', '.join(REQUIRED)}; missing: {', '.join(missing)}.",
            f"Columns seen: {seen}. Put the column names into the first line of the file.",
        )
