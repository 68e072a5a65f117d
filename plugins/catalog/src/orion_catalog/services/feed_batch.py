"""Applies one batch of feed rows: what is new, what changed, what stays, found out by comparing hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_catalog.feed.product import FeedRow
from orion_catalog.services import feed_writes as sql
from orion_catalog.services.category_paths import CategoryPaths
from orion_catalog.services.slugs import distinct, slugify
from orion_catalog.services.summaries import archive_empty, index, note_words, summarise, words_of
from orion_core.context import SYSTEM, current_context
from orion_core.ids import new_id

# One index look-up for each code whatever the statistics say: a store's first import knows none, and the
# planner would rather read the whole store for each batch.
_VARIANTS = text("""
    SELECT v.* FROM unnest(CAST(:codes AS text[])) code
    CROSS JOIN LATERAL (
        SELECT sku, id, product_id, content_hash, price_minor, compare_at_minor
        FROM catalog.variants WHERE sku = code LIMIT 1
    ) v
""")
_PRODUCTS = text("""
    SELECT p.* FROM unnest(CAST(:codes AS text[])) code
    CROSS JOIN LATERAL (
        SELECT external_id, is_group, id, lead_sku
        FROM catalog.products WHERE external_id = code AND is_group IN (true, false) LIMIT 2
    ) p
""")
_SLUGS = text("""
    SELECT p.slug FROM unnest(CAST(:codes AS text[])) code
    CROSS JOIN LATERAL (SELECT slug FROM catalog.products WHERE slug = code LIMIT 1) p
""")
_SHARED = text("""
    SELECT id FROM unnest(CAST(:ids AS uuid[])) id
    WHERE (SELECT count(*) FROM catalog.variants v WHERE v.product_id = id) > 1
""")

Key = tuple[str, bool]
"""Code of a product and whether it is that of a group of variants."""


class Known(NamedTuple):
    """A variant as it stands before the batch."""

    sku: str
    id: UUID
    product_id: UUID
    content_hash: bytes | None
    price_minor: int
    compare_at_minor: int | None


@dataclass(slots=True)
class Memory:
    """What an import remembers from batch to batch."""

    paths: CategoryPaths
    tax_class: str
    words: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Applied:
    """What a batch did: rows by outcome, and the products it made or changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    product_ids: list[UUID] = field(default_factory=list)


def apply_rows(session: Session, rows: Sequence[FeedRow], memory: Memory) -> Applied:
    """Bring the catalogue to what the rows say. Rows of one code must not repeat within the batch."""
    found = session.execute(_VARIANTS, {"codes": [row.external_id for row in rows]})
    known = {item.sku: item for item in map(Known._make, found)}
    changed = [row for row in rows if not _is_same(row, known.get(row.external_id))]
    applied = Applied(unchanged=len(rows) - len(changed))
    if changed:
        applied.updated = sum(row.external_id in known for row in changed)
        applied.created = len(changed) - applied.updated
        applied.product_ids = _Batch(session, changed, known, memory).write()
    return applied


def _is_same(row: FeedRow, known: Known | None) -> bool:
    return known is not None and known.content_hash == row.content_hash


class _Batch:
    """The changed rows of a batch on their way into the tables."""

    def __init__(self, session: Session, rows: list[FeedRow], known: dict[str, Known], memory: Memory) -> None:
        self._session = session
        self._memory = memory
        self._rows = rows
        self._known = known
        self._product_ids: dict[Key, UUID] = {}
        self._new: dict[Key, FeedRow] = {}
        self._led: list[tuple[UUID, FeedRow]] = []
        self._find_products()

    def write(self) -> list[UUID]:
        """Write everything and return the ids of the products concerned."""
        session, ids = self._session, list(dict.fromkeys(self._product_ids.values()))
        sql.write(session, sql.INSERT_PRODUCTS, self._new_products(), tax_class=self._memory.tax_class)
        sql.write(session, sql.UPDATE_PRODUCTS, [_product(id_, row) for id_, row in self._led])
        variants = [self._variant(row) for row in self._rows]
        sql.write(session, sql.UPSERT_VARIANTS, variants)
        self._write_prices(variants)
        self._write_categories()
        self._index()
        self._settle()
        return ids

    def _find_products(self) -> None:
        """Tell which rows make a product, and which one gives an existing product its texts."""
        keys = dict.fromkeys(map(_key, self._rows))
        found = self._session.execute(_PRODUCTS, {"codes": list({code for code, _ in keys})})
        leads: dict[Key, str | None] = {}
        for external_id, is_group, product_id, lead_sku in found:
            if (external_id, is_group) in keys:
                self._product_ids[external_id, is_group] = product_id
                leads[external_id, is_group] = lead_sku
        for row in self._rows:
            key = _key(row)
            if key in leads:
                if leads[key] in (row.external_id, None):
                    leads[key] = row.external_id
                    self._led.append((self._product_ids[key], row))
            elif key not in self._new:
                self._new[key] = row
                self._product_ids[key] = new_id()

    def _new_products(self) -> list[dict[str, Any]]:
        """Return the rows of new products, each with an address that no other has."""
        slugs = {key: slugify(row.title) for key, row in self._new.items()}
        taken = self._taken_slugs(set(slugs.values()))
        crowded = {}
        for key, slug in slugs.items():
            if slug in taken:
                crowded[key] = slugify(f"{slug[:60]} {key[0]}")
            taken.add(slug)
        taken |= self._taken_slugs(set(crowded.values()))
        for key, slug in crowded.items():
            slugs[key] = distinct((slug, f"{slug}-{self._product_ids[key].hex[-8:]}"), taken)
        return [_product(self._product_ids[key], row) | {"slug": slugs[key]} for key, row in self._new.items()]

    def _taken_slugs(self, wishes: set[str]) -> set[str]:
        return set(self._session.scalars(_SLUGS, {"codes": list(wishes)})) if wishes else set()

    def _variant(self, row: FeedRow) -> dict[str, Any]:
        known = self._known.get(row.external_id)
        price, compare_at = _prices(row)
        return {
            "id": known.id if known else new_id(),
            "product_id": self._product_ids[_key(row)],
            "sku": row.external_id,
            "gtin": row.gtin,
            "mpn": row.mpn,
            "options": row.options,
            "price_minor": price,
            "compare_at_minor": compare_at,
            "currency": row.currency,
            "availability": row.availability or "in_stock",
            "quantity_hint": row.quantity,
            "preorder_days": row.preorder_days,
            "position": row.row if row.item_group_id else 0,
            "content_hash": row.content_hash,
        }

    def _write_prices(self, variants: list[dict[str, Any]]) -> None:
        changes = []
        for variant in variants:
            known = self._known.get(variant["sku"])
            prices = (variant["price_minor"], variant["compare_at_minor"])
            if known is None or (known.price_minor, known.compare_at_minor) != prices:
                old = known.price_minor if known else None
                changes.append(variant | {"id": new_id(), "variant_id": variant["id"], "old_price_minor": old})
        actor = current_context().actor or SYSTEM
        sql.write(self._session, sql.INSERT_PRICE_CHANGES, changes, actor_name=actor.name, actor_id=actor.id)

    def _write_categories(self) -> None:
        leads = [*self._led, *((self._product_ids[key], row) for key, row in self._new.items())]
        links = [
            {"product_id": product_id, "category_id": category_id, "position": position}
            for product_id, row in leads
            for position, category_id in enumerate(self._memory.paths.ids(self._session, _category_names(row)))
        ]
        moved = [product_id for product_id, row in self._led if row.category]
        if moved:
            self._session.execute(sql.DELETE_PRODUCT_CATEGORIES, {"ids": moved})
        sql.write(self._session, sql.INSERT_PRODUCT_CATEGORIES, links)

    def _index(self) -> None:
        """Make documents for new products of one row; the others' need a look at all their variants."""
        plain = [(key, row) for key, row in self._new.items() if not key[1]]
        documents = [
            {
                "id": self._product_ids[key],
                "title": row.title,
                "brand": row.brand,
                "description": row.description,
                "codes": [code.lower() for code in (row.external_id, row.gtin, row.mpn) if code],
            }
            for key, row in plain
        ]
        language = current_context().store.locale
        sql.write(self._session, sql.INDEX_PRODUCTS, documents, language=language)
        words = words_of(f"{row.title} {row.brand or ''}" for _, row in plain) - self._memory.words
        note_words(self._session, words)
        self._memory.words |= words
        index(self._session, set(self._product_ids.values()) - {document["id"] for document in documents})

    def _settle(self) -> None:
        """See to products that are more than their one row: groups, returned ones, those left without variant."""
        known, ids = self._known, self._product_ids
        before = {row.external_id: known[row.external_id] for row in self._rows if row.external_id in known}
        left = {
            before[row.external_id].product_id
            for row in self._rows
            if row.external_id in before and before[row.external_id].product_id != ids[_key(row)]
        }
        returned = [
            ids[_key(row)]
            for row in self._rows
            if row.external_id in before and before[row.external_id].content_hash is None
        ]
        if returned:
            self._session.execute(sql.REVIVE_PRODUCTS, {"ids": returned})
        led = [product_id for product_id, _ in self._led]
        shared = self._session.scalars(_SHARED, {"ids": led}) if led else ()
        groups = {product_id for (_, is_group), product_id in ids.items() if is_group}
        summarise(self._session, groups | left | set(shared))
        archive_empty(self._session, left)


def _key(row: FeedRow) -> Key:
    return (row.item_group_id, True) if row.item_group_id else (row.external_id, False)


def _category_names(row: FeedRow) -> list[tuple[str, ...]]:
    return [names for names in (row.category, *row.further_categories) if names]


def _prices(row: FeedRow) -> tuple[int, int | None]:
    """Return the price asked and, for a reduced one, the price before."""
    if row.sale_price_minor is None:
        return row.price_minor, None
    return row.sale_price_minor, row.price_minor


def _product(product_id: UUID, row: FeedRow) -> dict[str, Any]:
    price, compare_at = _prices(row)
    code, is_group = _key(row)
    return {
        "id": product_id,
        "external_id": code,
        "is_group": is_group,
        "lead_sku": row.external_id,
        "slug": "",
        "title": row.title,
        "description": row.description or "",
        "brand": row.brand,
        "condition": row.condition,
        "is_adult": row.adult,
        "tax_rate_bp": row.tax_rate,
        "boost_sort": row.boost_sort or 0,
        "images": [{"url": url, "alt": ""} for url in row.images],
        "option_names": sorted(row.options),
        "attributes": _attributes(row),
        "price_minor": price,
        "compare_at_minor": compare_at,
        "currency": row.currency,
        "in_stock": row.availability != "out_of_stock",
        "image": row.images[0] if row.images else None,
    }


def _attributes(row: FeedRow) -> dict[str, Any]:
    values = {
        "delivery_method": row.delivery_method,
        "google_category": row.google_category,
        "link": row.link,
        "identifier_exists": row.identifier_exists,
        "extras": row.extras,
    }
    return {name: value for name, value in values.items() if value not in (None, {})}
