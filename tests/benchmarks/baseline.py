"""The hand-written baseline: one FastAPI file, raw psycopg, no tenancy, no plugins."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg
from fastapi import FastAPI, Response
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

SCHEMA = """
    DROP SCHEMA IF EXISTS baseline CASCADE;
    CREATE SCHEMA baseline;
    CREATE TABLE baseline.products (
        id uuid PRIMARY KEY, slug text UNIQUE NOT NULL, title text NOT NULL, brand text, image text,
        description text NOT NULL, price_minor int NOT NULL, max_price_minor int NOT NULL, compare_at_minor int,
        currency text NOT NULL, in_stock boolean NOT NULL
    );
    CREATE INDEX ON baseline.products (id DESC);
    CREATE TABLE baseline.variants (
        product_id uuid NOT NULL REFERENCES baseline.products, sku text UNIQUE NOT NULL, price_minor int NOT NULL,
        compare_at_minor int, availability text NOT NULL
    );
    CREATE INDEX ON baseline.variants (product_id);
    CREATE TABLE baseline.feed (
        sku text PRIMARY KEY, title text NOT NULL, description text, price_minor int NOT NULL, quantity int,
        category text
    );
"""
CARD = """
    SELECT id, slug, title, brand, image, price_minor, max_price_minor, compare_at_minor, currency, in_stock
    FROM baseline.products ORDER BY id DESC LIMIT %s
"""
PRODUCT = """
    SELECT id, slug, title, brand, image, description, price_minor, max_price_minor, compare_at_minor, currency,
           in_stock
    FROM baseline.products WHERE slug = %s
"""
VARIANTS = "SELECT sku, price_minor, compare_at_minor, availability FROM baseline.variants WHERE product_id = %s"

encode = msgspec.json.Encoder().encode


def create_app() -> FastAPI:
    """Return the application."""
    pool = ConnectionPool(
        os.environ["BASELINE_DSN"], min_size=8, max_size=8, open=False, kwargs={"row_factory": dict_row}
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.open(wait=True)
        yield
        pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/products")
    def products(limit: int = 20) -> Response:
        with pool.connection() as connection:
            rows = connection.execute(CARD, (limit,)).fetchall()
        return Response(encode({"items": rows, "next_cursor": None}), media_type="application/json")

    @app.get("/products/{slug}")
    def product(slug: str) -> Response:
        with pool.connection() as connection:
            row: Any = connection.execute(PRODUCT, (slug,)).fetchone()
            if row is None:
                return Response(status_code=404)
            variants = connection.execute(VARIANTS, (row["id"],)).fetchall()
        return Response(encode({**row, "variants": variants}), media_type="application/json")

    return app


def import_rows(dsn: str, rows: Iterable[tuple[str, str, str, int, int, str]]) -> None:
    """COPY rows into a staging table and upsert them with one statement."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staging (LIKE baseline.feed) ON COMMIT DROP")
        with cursor.copy("COPY staging FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO baseline.feed SELECT DISTINCT ON (sku) * FROM staging "
            "ON CONFLICT (sku) DO UPDATE SET title = excluded.title, description = excluded.description, "
            "price_minor = excluded.price_minor, quantity = excluded.quantity, category = excluded.category"
        )
