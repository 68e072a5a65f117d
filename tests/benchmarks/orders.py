"""Orders against their hand-written baseline: placement with stock, list and detail for the team, past orders."""

import argparse
import csv
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import psycopg

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.runtime import use_runtime
from orion_core.services.api_keys import create_api_key
from orion_host.assembly import Assembly
from orion_host.embedded import EmbeddedPostgres
from orion_inventory.models import Location
from orion_orders.models import ShippingMethod
from orion_orders.services.history import import_history
from tests.benchmarks import orders_baseline
from tests.benchmarks.running import compare, serving
from tests.benchmarks.shop import STORE, runtime_of, tenant_of

PLACING = "order placement"
PROCESSES = {PLACING: 2, f"{PLACING}, 1 process": 1}
"""How many server processes place orders, on both sides. A process of Python uses one core, so production runs several
(`orion serve`); one alone shows what an order costs the interpreter."""
HOLD = {
    PLACING: 0.6,
    f"{PLACING}, 1 process": 0.35,
    "past orders": 0.25,
    "order list of 20": 0.15,
    "order detail": 0.2,
}
"""Placement's is the design's. The others are what they reach less a margin, so that it shows if they get slower."""
LINES = 20_000
SHOP = ("/orders", f"/api/v1/shop/{STORE}/orders")
ADDRESS = {"name": "Lena", "line1": "12, rue", "postal_code": "1536", "city": "Luxembourg", "country": "LU"}
# Two articles in each cart, another pair each time.
STOCK = """
    INSERT INTO inventory.inventory (store_id, id, variant_id, location_id, on_hand)
    SELECT v.store_id, gen_random_uuid(), v.id, l.id, 1000000
    FROM catalog.variants v JOIN inventory.locations l USING (store_id);
    INSERT INTO baseline.articles
    SELECT v.id, v.sku, p.title, v.price_minor, 1000000, 0
    FROM catalog.variants v JOIN catalog.products p ON p.id = v.product_id;
    INSERT INTO baseline.methods VALUES (1, 'home', 590);
    CREATE TABLE baseline.numbered AS
    SELECT id, price_minor, row_number() OVER (ORDER BY id) - 1 AS n
    FROM catalog.variants WHERE price_minor > 0 LIMIT 1000
"""
CARTS = """
    CREATE TABLE baseline.made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, CARTS) n;
    INSERT INTO orders.carts (
        store_id, id, token_hash, status, currency, email, shipping_address, shipping_method_id, note
    )
    SELECT m.store_id, c.id, sha256(c.id::text::bytea), 'active', 'EUR', 'lena@example.com', 'ADDRESS', m.id, ''
    FROM baseline.made c, orders.shipping_methods m;
    INSERT INTO orders.cart_lines (store_id, cart_id, variant_id, quantity, position)
    SELECT m.store_id, c.id, a.id, 1, a.n
    FROM baseline.made c JOIN baseline.numbered a ON a.n IN (c.n % 1000, (c.n + 1) % 1000), orders.shipping_methods m;
    INSERT INTO baseline.carts
    SELECT id, sha256(id::text::bytea), 'active', 'lena@example.com', 'ADDRESS', 1 FROM baseline.made;
    INSERT INTO baseline.cart_lines
    SELECT c.id, a.id, 1 FROM baseline.made c JOIN baseline.numbered a ON a.n IN (c.n % 1000, (c.n + 1) % 1000)
"""
TOTALS = """
    SELECT l.cart_id::text, sum(a.price_minor) + 590 FROM baseline.cart_lines l
    JOIN baseline.articles a ON a.id = l.article_id GROUP BY 1 ORDER BY 1
"""
NEWEST = """
    (SELECT id FROM baseline.orders ORDER BY number DESC LIMIT 1)
    UNION ALL (SELECT id FROM orders.orders ORDER BY number DESC LIMIT 1)
"""


def measure(
    assembly: Assembly,
    postgres: EmbeddedPostgres,
    environment: dict[str, str],
    folder: Path,
    options: argparse.Namespace,
) -> dict[str, float]:
    """Measure everything about orders in a store that has products, and return the ratios to the baseline."""
    dsn = postgres.urls().owner.replace("+psycopg", "")
    ratios = {"past orders": measure_history(assembly, postgres, dsn, folder, options.rounds)}
    requests = fill_carts(assembly, postgres, folder, options)
    arguments = ["tests.benchmarks.orders_baseline:create_app", "--factory"]
    for name, targets in requests.items():
        processes = PROCESSES.get(name, 1)
        with (
            serving(arguments, {"BASELINE_DSN": dsn}, processes) as hand_written,
            serving([], environment, processes) as orion,
        ):
            ratios[name] = compare(name, (hand_written, orion), targets, options, lambda: _analyze(postgres))
    return ratios


def _analyze(postgres: EmbeddedPostgres) -> None:
    """Do what autovacuum does in a shop that is in use.

    Otherwise both sides keep the plans they made for tables that were empty, which read them from end to end, until
    autovacuum comes by in the middle of some round.
    """
    with psycopg.connect(postgres.superuser_dsn("orion"), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def history_file(path: Path, lines: int) -> Path:
    """Write past invoices of three lines each."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
        )
        for number in range(lines):
            invoice, price = 500_000 + number // 3, f"{number % 40}.{number % 100:02d}"
            at = f"20{10 + number * 10 // lines}-0{number % 9 + 1}-1{number // 3 % 10} 10:00:00"
            writer.writerow(
                [invoice, f"SKU{number % 900:07d}", f"Article {number}", number % 5 + 1, at, price, "7", "France"]
            )
    return path


def measure_history(assembly: Assembly, postgres: EmbeddedPostgres, dsn: str, folder: Path, rounds: int) -> float:
    """Import past orders with the baseline and with Orion into emptied tables, in turn; return the ratio of medians."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(orders_baseline.SCHEMA)
    file, theirs, ours = history_file(folder / "past.csv", LINES), list[float](), list[float]()
    runtime = runtime_of(postgres.urls(), assembly)
    with use_runtime(runtime), use_context(RequestContext(tenant=tenant_of(assembly))):
        for _ in range(rounds):
            _empty(postgres)
            started = time.perf_counter()
            orders_baseline.import_history(dsn, file)
            theirs.append(time.perf_counter() - started)
            started = time.perf_counter()
            with file.open(newline="") as lines:
                report = import_history(lines, lambda _done, _all: None)
            ours.append(time.perf_counter() - started)
            assert report.sold == LINES, report
    runtime.database.close()
    middle = rounds // 2
    seconds = sorted(theirs)[middle], sorted(ours)[middle]
    ratio = seconds[0] / seconds[1]
    shown = f"baseline {seconds[0]:6.2f} s   Orion {seconds[1]:6.2f} s   ratio {ratio:.2f}"
    print(f"{'past orders':<24} {shown}   {LINES} lines")
    return ratio


def _empty(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.superuser_dsn("orion"), autocommit=True) as connection:
        connection.execute("TRUNCATE orders.orders, baseline.orders CASCADE")


def fill_carts(
    assembly: Assembly, postgres: EmbeddedPostgres, folder: Path, options: argparse.Namespace
) -> dict[str, list[tuple[str, str]]]:
    """Make stock, a way of delivery and carts on both sides; return what to ask baseline and Orion for, by round."""
    runtime = runtime_of(postgres.urls(), assembly)
    with use_runtime(runtime), use_context(RequestContext(tenant=tenant_of(assembly))), unit_of_work() as session:
        session.add(Location(code="main", name="Main"))
        session.add(ShippingMethod(code="home", name="Home", price_minor=590))
        _, key = create_api_key(session, "benchmark", ["orders.view_orders"])
    runtime.database.close()
    rounds = options.rounds + 1
    bearer, carts = f"Bearer {key}", options.carts * rounds * len(PROCESSES)
    with psycopg.connect(postgres.superuser_dsn("orion"), autocommit=True) as connection:
        connection.execute(STOCK)
        connection.execute(CARTS.replace("CARTS", str(carts)).replace("ADDRESS", json.dumps(ADDRESS)))
        connection.execute("INSERT INTO baseline.tokens VALUES (%s, 'me')", (hashlib.sha256(bearer.encode()).digest(),))
        connection.execute("ANALYZE")
        totals = connection.execute(TOTALS).fetchall()
        (theirs, ours) = connection.execute(NEWEST).fetchall()
    team, headers = ("/orders", f"/api/v1/stores/{STORE}/orders"), {"Authorization": bearer}
    targets = {
        "order list of 20": [team],
        "order detail": [(f"{team[0]}/{theirs[0]}", f"{team[1]}/{ours[0]}")],
    }
    found = {
        name: [_files(folder, name, [[["GET", path, headers, ""]] for path in pair]) for pair in pairs]
        for name, pairs in targets.items()
    }
    for number, name in enumerate(PROCESSES):
        found[name] = [
            _files(
                folder, f"place-{at}", [[_post(path, *each) for each in totals[at:][: options.carts]] for path in SHOP]
            )
            for at in range(0, carts, options.carts)[number * rounds :][:rounds]
        ]
    return found


def _post(path: str, cart_id: str, total: int) -> list[Any]:
    body = json.dumps({"cart_id": cart_id, "expected_total_minor": int(total), "accept_terms": True})
    return ["POST", path, {"X-Cart-Token": cart_id, "Idempotency-Key": f"key-{cart_id}"}, body]


def _files(folder: Path, name: str, sides: list[list[list[Any]]]) -> tuple[str, str]:
    paths = [folder / f"{name}-{side}.jsonl" for side in range(2)]
    for path, requests in zip(paths, sides, strict=True):
        path.write_text("\n".join(map(json.dumps, requests)))
    return f"@{paths[0]}", f"@{paths[1]}"
