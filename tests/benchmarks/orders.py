"""Measures placing, listing, reading and importing orders against what somebody would write by hand for one shop.

Both sides run in this process, on eight threads where placing is measured: the work is compared, not two servers.
Rounds alternate and medians are compared. Exit code 1 if placing is below what is to be held.
"""

import argparse
import csv
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from pydantic import TypeAdapter

from orion_core.context import RequestContext, current_context, use_context
from orion_core.db import unit_of_work
from orion_core.runtime import use_runtime
from orion_host.assembly import assemble
from orion_host.embedded import EmbeddedPostgres
from orion_host.testing import migrate
from orion_orders.models import Cart, CartLine
from orion_orders.routes.answers import placed_out
from orion_orders.schemas import OrderRow
from orion_orders.services.history import import_history
from orion_orders.services.orders import OrderQuery, get_order, list_orders
from orion_orders.services.placement import place_order
from orion_orders.services.quotes import make_quote
from tests.benchmarks.shop import make_store, runtime_of, tenant_of
from tests.modules.inventory.shelves import add_variant
from tests.modules.orders.checkouts import ADDRESS, add_delivery

HOLD = {"placement, 8 threads": 0.6}
CLIENTS, EACH, ROUNDS, LINES, SHELF = 8, 12, 5, 4_000, 1_000_000
SCHEMA = """
    CREATE SCHEMA shop;
    CREATE TABLE shop.stock (sku text PRIMARY KEY, pieces int NOT NULL CHECK (pieces >= 0), price int NOT NULL);
    CREATE TABLE shop.carts (id uuid PRIMARY KEY, email text NOT NULL, placed boolean NOT NULL DEFAULT false);
    CREATE TABLE shop.cart_lines (cart_id uuid REFERENCES shop.carts, sku text, quantity int,
        PRIMARY KEY (cart_id, sku));
    CREATE TABLE shop.orders (id uuid PRIMARY KEY, number text UNIQUE NOT NULL, email text, total int NOT NULL,
        status text NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE shop.items (order_id uuid REFERENCES shop.orders, position int, sku text, title text, quantity int,
        price int, PRIMARY KEY (order_id, position));
"""
ENCODE = msgspec.json.Encoder().encode
ROWS = TypeAdapter(list[OrderRow])


def place_by_hand(pool: ConnectionPool, cart: UUID) -> None:
    """Place an order in one transaction: lock the cart, take the stock or fail, write the order."""
    with pool.connection() as connection:
        connection.execute("SELECT id FROM shop.carts WHERE id = %s AND NOT placed FOR UPDATE", (cart,))
        lines = connection.execute(
            "SELECT l.sku, l.quantity, s.price FROM shop.cart_lines l JOIN shop.stock s USING (sku) "
            "WHERE l.cart_id = %s ORDER BY l.sku",
            (cart,),
        ).fetchall()
        for sku, quantity, _price in lines:
            taken = connection.execute(
                "UPDATE shop.stock SET pieces = pieces - %s WHERE sku = %s AND pieces >= %s RETURNING pieces",
                (quantity, sku, quantity),
            ).fetchone()
            assert taken
        order, total = uuid4(), sum(quantity * price for _, quantity, price in lines)
        connection.execute(
            "INSERT INTO shop.orders (id, number, email, total, status) VALUES (%s, %s, %s, %s, 'confirmed')",
            (order, order.hex[:12], "a@example.com", total),
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO shop.items VALUES (%s, %s, %s, %s, %s, %s)",
                [(order, place, sku, sku, quantity, price) for place, (sku, quantity, price) in enumerate(lines)],
            )
        connection.execute("UPDATE shop.carts SET placed = true WHERE id = %s", (cart,))


def carts_by_hand(pool: ConnectionPool, count: int) -> list[UUID]:
    carts = [uuid4() for _ in range(count)]
    with pool.connection() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO shop.carts (id, email) VALUES (%s, 'a@example.com')", [(cart,) for cart in carts]
        )
        cursor.executemany(
            "INSERT INTO shop.cart_lines VALUES (%s, %s, 2)", [(cart, sku) for cart in carts for sku in ("A-1", "A-2")]
        )
    return carts


def carts_of_orion(variants: list[UUID], method: UUID, count: int) -> list[UUID]:
    with unit_of_work() as session:
        carts = [
            Cart(currency="EUR", email="a@example.com", shipping_address=ADDRESS, shipping_method_id=method)
            for _ in range(count)
        ]
        session.add_all(carts)
        session.flush()
        session.add_all(
            CartLine(cart_id=cart.id, variant_id=variant, quantity=2, position=place)
            for cart in carts
            for place, variant in enumerate(variants)
        )
        return [cart.id for cart in carts]


def total_of(cart_id: UUID) -> int:
    with unit_of_work() as session:
        return make_quote(session, session.get_one(Cart, (current_context().store_id, cart_id))).basket.total_minor


def place_by_orion(cart_id: UUID, total: int) -> None:
    with unit_of_work() as session:
        cart = session.get_one(Cart, (current_context().store_id, cart_id))
        place_order(session, cart, expected_total_minor=total, accept_terms=True)


def in_parallel(act: Callable[[UUID], None], carts: list[UUID]) -> float:
    """Work carts off on eight threads and return the seconds it took."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        started = time.perf_counter()
        for done in [threads.submit(copy_context().run, act, cart) for cart in carts]:
            done.result()
        return time.perf_counter() - started


def often(act: Callable[[], object], times: int = 100) -> float:
    """Return the median seconds of one call."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def history(lines: int) -> list[str]:
    """Return a file of past sales, four lines an invoice."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    )
    writer.writerows(
        [number // 4, f"S{number % 4}", f"Article {number}", 2, "2024-05-01 10:00:00", "3.50", number % 99, "France"]
        for number in range(lines)
    )
    return out.getvalue().splitlines()


def import_by_hand(pool: ConnectionPool, lines: list[str]) -> None:
    """COPY invoices and their lines."""
    orders: dict[str, tuple[UUID, list[tuple[str, str, int, int]]]] = {}
    for row in csv.DictReader(lines):
        _, items = orders.setdefault(row["InvoiceNo"], (uuid4(), []))
        items.append((row["StockCode"], row["Description"], int(row["Quantity"]), round(float(row["UnitPrice"]) * 100)))
    with pool.connection() as connection, connection.cursor() as cursor:
        with cursor.copy("COPY shop.orders (id, number, total, status) FROM STDIN") as copy:
            for number, (order, items) in orders.items():
                copy.write_row((order, f"H{number}", sum(each[2] * each[3] for each in items), "completed"))
        with cursor.copy("COPY shop.items FROM STDIN") as copy:
            for order, items in orders.values():
                for place, item in enumerate(items):
                    copy.write_row((order, place, *item))


def say(name: str, theirs: float, ours: float, unit: str = "ms") -> float:
    scale = 1000 if unit == "ms" else 1
    sides = f"by hand {theirs * scale:8.2f} {unit}   Orion {ours * scale:8.2f} {unit}"
    print(f"{name:<24} {sides}   ratio {theirs / ours:.2f}")
    return theirs / ours


def measure(pool: ConnectionPool) -> dict[str, float]:
    """Measure everything; the store is the current tenant's."""
    variants = [add_variant(sku, {"main": SHELF}) for sku in ("A-1", "A-2")]
    method, count = add_delivery(), CLIENTS * EACH
    total = total_of(carts_of_orion(variants, method, 1)[0])
    hand, orion = [], []
    for _ in range(ROUNDS):
        hand.append(in_parallel(lambda cart: place_by_hand(pool, cart), carts_by_hand(pool, count)) / count)
        carts = carts_of_orion(variants, method, count)
        orion.append(in_parallel(lambda cart: place_by_orion(cart, total), carts) / count)
    ratios = {"placement, 8 threads": say("placement, 8 threads", statistics.median(hand), statistics.median(orion))}
    ratios |= {"list of 20": measure_list(pool), "one order": measure_detail(pool)}
    lines = history(LINES)
    started = time.perf_counter()
    import_by_hand(pool, lines)
    theirs = time.perf_counter() - started
    started = time.perf_counter()
    report = import_history(lines, lambda _done, _total: None)
    assert report.sold == LINES
    ratios["history import"] = say("history import", theirs, time.perf_counter() - started, "s")
    return ratios


def measure_list(pool: ConnectionPool) -> float:
    def by_hand() -> bytes:
        with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return ENCODE(cursor.execute("SELECT * FROM shop.orders ORDER BY placed_at DESC, id LIMIT 20").fetchall())

    def by_orion() -> bytes:
        with unit_of_work() as session:
            rows, _ = list_orders(session, OrderQuery(), 20, None)
            return ROWS.dump_json([OrderRow.model_validate(row) for row in rows])

    return say("list of 20", often(by_hand), often(by_orion))


def measure_detail(pool: ConnectionPool) -> float:
    with unit_of_work() as session:
        order_id = list_orders(session, OrderQuery(), 1, None)[0][0].id
    with pool.connection() as connection:
        known = connection.execute("SELECT id FROM shop.orders LIMIT 1").fetchone()

    def by_hand() -> bytes:
        with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            order = cursor.execute("SELECT * FROM shop.orders WHERE id = %s", known).fetchone()
            items = cursor.execute("SELECT * FROM shop.items WHERE order_id = %s ORDER BY position", known).fetchall()
            return ENCODE({**(order or {}), "items": items})

    def by_orion() -> str:
        with unit_of_work() as session:
            return placed_out(session, get_order(session, order_id)).model_dump_json()

    return say("one order", often(by_hand), often(by_orion))


def main() -> int:
    """Run the benchmarks and return the exit code."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="orion-bench-") as folder, EmbeddedPostgres(Path(folder)) as postgres:
        urls, assembly = postgres.urls(), assemble()
        migrate(urls, assembly)
        make_store(urls, assembly)
        dsn = urls.owner.replace("+psycopg", "")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(SCHEMA)
            connection.execute(f"INSERT INTO shop.stock VALUES ('A-1', {SHELF}, 1250), ('A-2', {SHELF}, 1250)")
        runtime = runtime_of(urls, assembly)
        with ConnectionPool(dsn, min_size=CLIENTS, max_size=CLIENTS) as pool, use_runtime(runtime):
            with use_context(RequestContext(tenant=tenant_of(assembly))):
                ratios = measure(pool)
        runtime.database.close()
    low = [f"{name} {ratios[name]:.2f} < {hold}" for name, hold in HOLD.items() if ratios[name] < hold]
    for each in low:
        print(f"below what is to be held: {each}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
