"""Keeps what products show of their variants and texts, and what search finds: the one place for both."""

import re
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core.context import current_context

_WORD = re.compile(r"[^\W\d_]{4,30}")

_SUMMARISE = text("""
    UPDATE catalog.products p SET
        price_minor = v.price_minor,
        max_price_minor = v.max_price_minor,
        compare_at_minor = v.compare_at_minor,
        in_stock = coalesce(v.in_stock, false),
        image = p.images -> 0 ->> 'url',
        option_names = coalesce(v.option_names, '[]'),
        translations = coalesce(
            (
                SELECT jsonb_object_agg(t.language, jsonb_build_array(t.title, t.slug))
                FROM catalog.product_texts t WHERE t.product_id = p.id
            ),
            '{}'
        )
    FROM catalog.products o
    LEFT JOIN LATERAL (
        SELECT
            min(price_minor) AS price_minor,
            max(price_minor) AS max_price_minor,
            (array_agg(compare_at_minor ORDER BY price_minor, position, id))[1] AS compare_at_minor,
            bool_or(availability <> 'out_of_stock') AS in_stock,
            (
                SELECT jsonb_agg(DISTINCT name) FROM catalog.variants w, jsonb_object_keys(w.options) name
                WHERE w.product_id = o.id AND w.is_active
            ) AS option_names
        FROM catalog.variants WHERE product_id = o.id AND is_active
    ) v ON true
    WHERE o.id = p.id AND o.store_id = p.store_id AND p.id = ANY(:ids)
""")

_INDEX = text("""
    INSERT INTO catalog.product_search (store_id, product_id, document)
    SELECT
        p.store_id,
        p.id,
        catalog.search_document(
            p.store_id, catalog.text_configuration(:language), p.title, p.brand, p.description,
            ARRAY(
                SELECT lower(code) FROM catalog.variants v, unnest(ARRAY[v.sku, v.gtin, v.mpn]) code
                WHERE v.product_id = p.id AND code <> ''
            )
        ) || coalesce(
            (
                SELECT string_agg(
                    catalog.search_document(
                        t.store_id, catalog.text_configuration(t.language), t.title, NULL, t.description, '{}'
                    )::text,
                    ' '
                )::tsvector
                FROM catalog.product_texts t WHERE t.product_id = p.id
            ),
            ''
        )
    FROM unnest(CAST(:ids AS uuid[])) wanted
    CROSS JOIN LATERAL (SELECT * FROM catalog.products WHERE id = wanted LIMIT 1) p
    ON CONFLICT (store_id, product_id) DO UPDATE SET document = excluded.document
""")

_TITLES = text("""
    SELECT concat_ws(' ', p.title, p.brand, (
        SELECT string_agg(t.title, ' ') FROM catalog.product_texts t WHERE t.product_id = p.id
    ))
    FROM unnest(CAST(:ids AS uuid[])) wanted
    CROSS JOIN LATERAL (SELECT * FROM catalog.products WHERE id = wanted LIMIT 1) p
""")
_WORDS = text("""
    INSERT INTO catalog.search_words (store_id, word)
    SELECT DISTINCT CAST(:store_id AS uuid), catalog.plain(word) FROM unnest(CAST(:words AS text[])) word
    ON CONFLICT DO NOTHING
""")

_ARCHIVE_EMPTY = text("""
    UPDATE catalog.products p SET status = 'archived', version = version + 1, updated_at = now()
    WHERE p.id = ANY(:ids) AND p.status = 'active'
        AND NOT EXISTS (SELECT FROM catalog.variants v WHERE v.product_id = p.id AND v.is_active)
""")


def refresh_products(session: Session, ids: Collection[UUID]) -> None:
    """Bring lists and search up to date with the rows of these products."""
    session.flush()
    summarise(session, ids)
    index(session, ids)


def summarise(session: Session, ids: Collection[UUID]) -> None:
    if ids:
        session.execute(_SUMMARISE, {"ids": list(ids)})


def index(session: Session, ids: Collection[UUID]) -> None:
    if ids:
        values = {"ids": list(ids), "language": current_context().store.locale}
        session.execute(_INDEX, values)
        note_words(session, words_of(session.scalars(_TITLES, values)))


def words_of(titles: Iterable[str]) -> set[str]:
    """Return the words a typing error may have meant. Descriptions hold too many that nobody searches for."""
    return {word for title in titles for word in _WORD.findall(title.lower())}


def note_words(session: Session, words: Collection[str]) -> None:
    if words:
        session.execute(_WORDS, {"store_id": current_context().store.id, "words": sorted(words)})


def archive_empty(session: Session, ids: Collection[UUID]) -> int:
    """Archive those products that have no active variant left, and return how many."""
    if not ids:
        return 0
    result = session.execute(_ARCHIVE_EMPTY, {"ids": list(ids)})
    return int(result.rowcount)  # type: ignore[attr-defined]
