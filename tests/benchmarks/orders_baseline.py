"""The hand-written baseline for orders: one FastAPI file, raw psycopg, no tenancy, no plugins.

It leaves the same behind as Orion does: key, order, lines, stock with its ledger and what is promised to whom,
timeline and events to be sent. And it looks at the same: what other carts hold, and whether a promotion applies.
"""

import csv
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import psycopg
from fastapi import Depends, FastAPI, Header, Request, Response
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

SCHEMA = """
    CREATE TABLE baseline.tokens (hash bytea PRIMARY KEY, name text NOT NULL);
    CREATE TABLE baseline.methods (id int PRIMARY KEY, code text NOT NULL, price_minor int NOT NULL);
    CREATE TABLE baseline.articles (
        id uuid PRIMARY KEY, sku text UNIQUE NOT NULL, title text NOT NULL, price_minor int NOT NULL,
        on_hand int NOT NULL, reserved int NOT NULL CHECK (reserved BETWEEN 0 AND on_hand)
    );
    CREATE TABLE baseline.carts (
        id uuid PRIMARY KEY, token_hash bytea UNIQUE NOT NULL, status text NOT NULL, email text NOT NULL,
        address jsonb NOT NULL, method_id int NOT NULL REFERENCES baseline.methods
    );
    CREATE TABLE baseline.cart_lines (
        cart_id uuid REFERENCES baseline.carts, article_id uuid REFERENCES baseline.articles, quantity int NOT NULL,
        PRIMARY KEY (cart_id, article_id)
    );
    CREATE TABLE baseline.orders (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text UNIQUE NOT NULL, cart_id uuid UNIQUE,
        status text NOT NULL, email text, customer text, address jsonb,
        currency text NOT NULL, goods_minor int NOT NULL, shipping_minor int NOT NULL,
        net_minor int NOT NULL, tax_minor int NOT NULL, total_minor int NOT NULL,
        placed_at timestamptz NOT NULL DEFAULT now(), CHECK (net_minor + tax_minor = total_minor)
    );
    CREATE INDEX ON baseline.orders (placed_at DESC, id DESC);
    CREATE TABLE baseline.items (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL REFERENCES baseline.orders,
        position int NOT NULL, article_id uuid REFERENCES baseline.articles, sku text NOT NULL, title text NOT NULL,
        quantity int NOT NULL, unit_price_minor int NOT NULL, total_minor int NOT NULL, tax_rate_bp int NOT NULL,
        UNIQUE (order_id, position)
    );
    CREATE TABLE baseline.ledger (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), article_id uuid NOT NULL REFERENCES baseline.articles,
        order_id uuid NOT NULL, change int NOT NULL, reserved_after int NOT NULL, at timestamptz DEFAULT now()
    );
    CREATE TABLE baseline.promised (
        order_id uuid, article_id uuid REFERENCES baseline.articles, quantity int NOT NULL,
        PRIMARY KEY (order_id, article_id)
    );
    CREATE TABLE baseline.holds (
        cart_id uuid, article_id uuid REFERENCES baseline.articles, quantity int NOT NULL,
        expires_at timestamptz NOT NULL, PRIMARY KEY (cart_id, article_id)
    );
    CREATE INDEX ON baseline.holds (article_id, expires_at);
    CREATE TABLE baseline.promotions (
        id int PRIMARY KEY, code text UNIQUE, title text NOT NULL, percentage int NOT NULL,
        min_goods_minor int NOT NULL, is_active boolean NOT NULL
    );
    CREATE TABLE baseline.timeline (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL REFERENCES baseline.orders,
        at timestamptz DEFAULT now(), kind text NOT NULL, data jsonb NOT NULL
    );
    CREATE INDEX ON baseline.timeline (order_id, at);
    CREATE TABLE baseline.payments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL REFERENCES baseline.orders,
        at timestamptz NOT NULL, amount_minor int NOT NULL, reference text NOT NULL
    );
    CREATE TABLE baseline.outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type text NOT NULL, payload jsonb NOT NULL
    );
    CREATE TABLE baseline.keys (key text PRIMARY KEY, body_hash bytea NOT NULL, response bytea);
"""
LINES = """
    SELECT a.id, a.sku, a.title, a.price_minor, l.quantity
    FROM baseline.cart_lines l JOIN baseline.articles a ON a.id = l.article_id WHERE l.cart_id = %s ORDER BY a.id
"""
RESERVE = """
    UPDATE baseline.articles SET reserved = reserved + %(n)s
    WHERE id = %(id)s AND on_hand - reserved - %(held)s >= %(n)s RETURNING reserved
"""
HELD = """
    WITH own AS (DELETE FROM baseline.holds WHERE cart_id = %(cart)s)
    SELECT article_id, sum(quantity) AS pieces FROM baseline.holds
    WHERE article_id = ANY(%(articles)s) AND expires_at > now() AND cart_id <> %(cart)s GROUP BY article_id
"""
LEDGER = """
    WITH promised AS (INSERT INTO baseline.promised VALUES (%(order)s, %(id)s, %(n)s))
    INSERT INTO baseline.ledger (article_id, order_id, change, reserved_after)
    VALUES (%(id)s, %(order)s, %(n)s, %(after)s)
"""
PROMOTIONS = """
    SELECT title, percentage FROM baseline.promotions WHERE code IS NULL AND is_active AND min_goods_minor <= %s
    ORDER BY percentage DESC LIMIT 1
"""
ORDER = """
    INSERT INTO baseline.orders (
        number, cart_id, status, email, address, currency, goods_minor, shipping_minor, net_minor, tax_minor,
        total_minor
    )
    VALUES (%s, %s, 'confirmed', %s, %s, 'EUR', %s, %s, %s, %s, %s) RETURNING *
"""
ITEM = """
    INSERT INTO baseline.items (
        order_id, position, article_id, sku, title, quantity, unit_price_minor, total_minor, tax_rate_bp
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1700)
"""
HISTORY = """
    INSERT INTO baseline.orders (
        number, status, customer, currency, goods_minor, shipping_minor, net_minor, tax_minor, total_minor, placed_at
    )
    SELECT invoice, 'completed', min(customer), 'EUR', sum(n * price), 0, sum(n * price), 0, sum(n * price), min(at)
    FROM past GROUP BY invoice ON CONFLICT (number) DO NOTHING;
    INSERT INTO baseline.items (order_id, position, sku, title, quantity, unit_price_minor, total_minor, tax_rate_bp)
    SELECT o.id, p.line, p.sku, p.title, p.n, p.price, p.n * p.price, 0
    FROM past p JOIN baseline.orders o ON o.number = p.invoice
    ON CONFLICT (order_id, position) DO NOTHING;
    INSERT INTO baseline.timeline (order_id, at, kind, data)
    SELECT id, placed_at, 'placed', jsonb_build_object('total_minor', total_minor) FROM baseline.orders;
    INSERT INTO baseline.payments (order_id, at, amount_minor, reference)
    SELECT id, placed_at, total_minor, number FROM baseline.orders;
"""
encode = msgspec.json.Encoder().encode


class Place(msgspec.Struct):
    """What a buyer sends."""

    cart_id: UUID
    expected_total_minor: int
    accept_terms: bool


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

    async def body_of(request: Request) -> bytes:
        return await request.body()

    @app.post("/orders")
    def place(
        body: Annotated[bytes, Depends(body_of)],
        x_cart_token: Annotated[str, Header()],
        idempotency_key: Annotated[str, Header()],
    ) -> Response:
        with pool.connection() as connection:
            status, answer = place_order(connection, body, x_cart_token, idempotency_key)
        return Response(answer, status_code=status, media_type="application/json")

    @app.get("/orders")
    def orders(authorization: Annotated[str, Header()], limit: int = 20) -> Response:
        with pool.connection() as connection:
            if not may(connection, authorization):
                return Response(status_code=401)
            statement = "SELECT * FROM baseline.orders ORDER BY placed_at DESC, id DESC LIMIT %s"
            rows = connection.execute(statement, (limit,)).fetchall()
        return Response(encode({"items": rows, "next_cursor": None}), media_type="application/json")

    @app.get("/orders/{order_id}")
    def order(authorization: Annotated[str, Header()], order_id: UUID) -> Response:
        with pool.connection() as connection:
            if not may(connection, authorization):
                return Response(status_code=401)
            found: Any = connection.execute("SELECT * FROM baseline.orders WHERE id = %s", (order_id,)).fetchone()
            parts = {
                name: connection.execute(
                    f"SELECT * FROM baseline.{name} WHERE order_id = %s ORDER BY {order}",
                    (order_id,),
                ).fetchall()
                for name, order in (("items", "position"), ("timeline", "at"))
            }
        return Response(encode({**found, **parts}), media_type="application/json")

    return app


def may(connection: psycopg.Connection[Any], authorization: str) -> bool:
    """Tell whether a token is known."""
    token = hashlib.sha256(authorization.encode()).digest()
    return connection.execute("SELECT name FROM baseline.tokens WHERE hash = %s", (token,)).fetchone() is not None


def place_order(connection: psycopg.Connection[Any], body: bytes, token: str, key: str) -> tuple[int, bytes]:
    """Order what is in a cart, in one transaction."""
    ask, given = connection.execute, msgspec.json.decode(body, type=Place)
    claim = "INSERT INTO baseline.keys VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING key"
    if ask(claim, (key, hashlib.sha256(body).digest())).fetchone() is None:
        return 201, (ask("SELECT response FROM baseline.keys WHERE key = %s", (key,)).fetchone() or {})["response"]
    cart: Any = ask("SELECT * FROM baseline.carts WHERE id = %s FOR UPDATE", (given.cart_id,)).fetchone()
    if cart["status"] != "active" or cart["token_hash"] != hashlib.sha256(token.encode()).digest():
        return 409, b"{}"
    lines = ask(LINES, (cart["id"],)).fetchall()
    method: Any = ask("SELECT * FROM baseline.methods WHERE id = %s", (cart["method_id"],)).fetchone()
    ids = [line["id"] for line in lines]
    goods = sum(line["price_minor"] * line["quantity"] for line in lines)
    offer: Any = ask(PROMOTIONS, (goods,)).fetchone() or {"percentage": 0}
    total = goods - goods * offer["percentage"] // 100 + method["price_minor"]
    if total != given.expected_total_minor:
        return 409, b"{}"
    net = round(total / 1.17)
    amounts = (goods, method["price_minor"], net, total - net, total)
    number, address = f"N-{given.cart_id.hex[:12]}", Jsonb(cart["address"])
    order: Any = ask(ORDER, (number, cart["id"], cart["email"], address, *amounts)).fetchone()
    held = {row["article_id"]: row["pieces"] for row in ask(HELD, {"cart": cart["id"], "articles": ids}).fetchall()}
    for line in lines:
        wanted = {"id": line["id"], "n": line["quantity"], "held": held.get(line["id"], 0)}
        after: Any = ask(RESERVE, wanted).fetchone()
        ask(LEDGER, {**wanted, "order": order["id"], "after": after["reserved"]})
    rows = [(line["id"], line["sku"], line["title"], line["quantity"], line["price_minor"]) for line in lines]
    rows.append((None, method["code"], method["code"], 1, method["price_minor"]))
    for place, row in enumerate(rows, 1):
        ask(ITEM, (order["id"], place, *row, row[3] * row[4]))
    ask("UPDATE baseline.carts SET status = 'completed' WHERE id = %s", (cart["id"],))
    for kind in ("placed", "confirmed"):
        data = Jsonb({"total_minor": total, "order_id": str(order["id"])})
        ask("INSERT INTO baseline.timeline (order_id, kind, data) VALUES (%s, %s, %s)", (order["id"], kind, data))
        ask("INSERT INTO baseline.outbox (type, payload) VALUES (%s, %s)", (kind, data))
    answer = encode({**order, "items": rows})
    ask("UPDATE baseline.keys SET response = %s WHERE key = %s", (answer, key))
    return 201, answer


def import_history(dsn: str, path: Path) -> None:
    """COPY past orders into a staging table and spread them with one statement per table."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor, path.open(newline="") as file:
        cursor.execute(
            "CREATE TEMP TABLE past (line int, invoice text, sku text, title text, n int, at timestamptz, price int, "
            "customer text) ON COMMIT DROP"
        )
        with cursor.copy("COPY past FROM STDIN") as copy:
            for line, row in enumerate(csv.DictReader(file)):
                cents = round(float(row["UnitPrice"]) * 100)
                known = (row["InvoiceNo"], row["StockCode"], row["Description"], int(row["Quantity"]))
                copy.write_row((line, *known, row["InvoiceDate"], cents, row["CustomerID"]))
        cursor.execute(HISTORY)
