"""Writes a batch of feed rows: each table in one statement, its rows sent as one JSON document.

COPY would be the usual way, but PostgreSQL refuses COPY into a table under row-level security, and the
application's role may not make temporary tables. A JSON document costs about the same.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from orion_core.context import current_context

_encode = msgspec.json.Encoder(decimal_format="string").encode

_PRODUCT = """
    id uuid, external_id text, is_group boolean, lead_sku text, slug text, title text, description text,
    brand text, condition text, is_adult boolean, tax_rate_bp integer, boost_sort numeric, images jsonb,
    option_names jsonb, attributes jsonb, price_minor integer, compare_at_minor integer, currency text,
    in_stock boolean, image text
"""
INSERT_PRODUCTS = text(f"""
    INSERT INTO catalog.products (
        store_id, id, external_id, is_group, lead_sku, status, slug, title, description, brand, condition,
        is_adult, tax_class, tax_rate_bp, boost_sort, images, option_names, attributes, price_minor,
        max_price_minor, compare_at_minor, currency, in_stock, image, translations, version
    )
    SELECT
        :store_id, id, external_id, is_group, lead_sku, 'active', slug, title, description, brand, condition,
        is_adult, :tax_class, tax_rate_bp, boost_sort, images, option_names, attributes, price_minor,
        price_minor, compare_at_minor, currency, in_stock, image, '{{}}', 1
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_PRODUCT})
""")  # noqa: S608 - a constant
UPDATE_PRODUCTS = text(f"""
    UPDATE catalog.products p SET
        title = r.title, description = r.description, brand = r.brand, condition = r.condition,
        is_adult = r.is_adult, tax_rate_bp = r.tax_rate_bp, boost_sort = r.boost_sort, images = r.images,
        option_names = r.option_names, attributes = r.attributes, price_minor = r.price_minor,
        max_price_minor = r.price_minor, compare_at_minor = r.compare_at_minor, currency = r.currency,
        in_stock = r.in_stock, image = r.image, lead_sku = r.lead_sku, version = p.version + 1,
        updated_at = now()
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_PRODUCT})
    WHERE p.store_id = :store_id AND p.id = r.id
""")  # noqa: S608 - a constant
REVIVE_PRODUCTS = text("""
    UPDATE catalog.products SET status = 'active', version = version + 1, updated_at = now()
    WHERE id = ANY(:ids) AND status = 'archived'
""")
UPSERT_VARIANTS = text("""
    INSERT INTO catalog.variants (
        store_id, id, product_id, sku, gtin, mpn, options, price_minor, compare_at_minor, currency,
        availability, quantity_hint, preorder_days, position, is_active, content_hash
    )
    SELECT
        :store_id, id, product_id, sku, gtin, mpn, options, price_minor, compare_at_minor, currency,
        availability, quantity_hint, preorder_days, position, true, decode(content_hash, 'base64')
    FROM json_to_recordset(CAST(:rows AS json)) AS r(
        id uuid, product_id uuid, sku text, gtin text, mpn text, options jsonb, price_minor integer,
        compare_at_minor integer, currency text, availability text, quantity_hint integer,
        preorder_days integer, position integer, content_hash text
    )
    ON CONFLICT (store_id, sku) DO UPDATE SET
        product_id = excluded.product_id, gtin = excluded.gtin, mpn = excluded.mpn, options = excluded.options,
        price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor,
        currency = excluded.currency, availability = excluded.availability,
        quantity_hint = excluded.quantity_hint, preorder_days = excluded.preorder_days,
        position = excluded.position, is_active = true, content_hash = excluded.content_hash,
        updated_at = now()
""")
INSERT_PRICE_CHANGES = text("""
    INSERT INTO catalog.price_changes (
        store_id, id, variant_id, at, old_price_minor, price_minor, compare_at_minor, currency, source,
        actor_name, actor_id
    )
    SELECT
        :store_id, id, variant_id, clock_timestamp(), old_price_minor, price_minor, compare_at_minor, currency,
        'import', :actor_name, :actor_id
    FROM json_to_recordset(CAST(:rows AS json)) AS r(
        id uuid, variant_id uuid, old_price_minor integer, price_minor integer, compare_at_minor integer,
        currency text
    )
""")
INDEX_PRODUCTS = text("""
    INSERT INTO catalog.product_search (store_id, product_id, document)
    SELECT
        :store_id, id, catalog.search_document(
            :store_id, catalog.text_configuration(:language), title, brand, description, codes
        )
    FROM json_to_recordset(CAST(:rows AS json)) AS r(
        id uuid, title text, brand text, description text, codes text[]
    )
""")
DELETE_PRODUCT_CATEGORIES = text("""
    DELETE FROM catalog.product_categories WHERE product_id = ANY(:ids)
""")
INSERT_PRODUCT_CATEGORIES = text("""
    INSERT INTO catalog.product_categories (store_id, product_id, category_id, position)
    SELECT :store_id, product_id, category_id, position
    FROM json_to_recordset(CAST(:rows AS json)) AS r(product_id uuid, category_id uuid, position integer)
    ON CONFLICT DO NOTHING
""")
INSERT_ERRORS = text("""
    INSERT INTO catalog.feed_import_errors (
        store_id, import_id, row, line, external_id, "column", value, code, reason
    )
    SELECT :store_id, :import_id, row, line, external_id, "column", value, code, reason
    FROM json_to_recordset(CAST(:rows AS json)) AS r(
        row integer, line integer, external_id text, "column" text, value text, code text, reason text
    )
""")


def write(session: Session, statement: TextClause, rows: Sequence[dict[str, Any]], **values: Any) -> None:
    """Run one of the statements above with these rows; without rows there is nothing to do."""
    if rows:
        document = _encode(rows).decode()
        session.execute(statement, {"store_id": current_context().store.id, "rows": document, **values})
