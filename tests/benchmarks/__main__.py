"""Measures products, feed import and orders against their baselines and prints the ratios.

Rounds alternate between the two sides and the medians are compared, so that other load on the machine hits both.
Exit code 1 if a ratio is below what is to be held.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from orion_host.assembly import Assembly, assemble
from orion_host.embedded import EmbeddedPostgres, EmbeddedValkey, PostgresUrls
from orion_host.testing import migrate
from tests.benchmarks import baseline, orders
from tests.benchmarks.running import compare, serving
from tests.benchmarks.shop import STORE, feed_file, feed_rows, import_feed, make_store, orion_environment

HOLD = {
    "product list of 20": 0.7,
    "product detail": 0.7,
    "feed import, new": 0.4,
    "feed import, unchanged": 0.4,
    **orders.HOLD,
}


def main() -> int:
    """Run the benchmarks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the imported feed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one round")
    parser.add_argument("--carts", type=int, default=3_000, help="carts to be ordered in one round")
    parser.add_argument("--only", choices=["orders"], help="leave products and their feed out")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="orion-bench-")))
        postgres = stack.enter_context(EmbeddedPostgres(folder))
        valkey = stack.enter_context(EmbeddedValkey(folder))
        ratios = run(postgres, valkey.url(), folder, options)
    low = {name: ratio for name, ratio in ratios.items() if ratio < HOLD[name]}
    for name, ratio in low.items():
        print(f"below what is to be held: {name} {ratio:.2f} < {HOLD[name]}")
    return 1 if low else 0


def run(postgres: EmbeddedPostgres, broker: str, folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Measure everything and return the ratios of Orion to the baseline."""
    urls = postgres.urls()
    assembly = assemble()
    migrate(urls, assembly)
    dsn = urls.owner.replace("+psycopg", "")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(baseline.SCHEMA)
    file = feed_file(folder / "feed.tsv", options.rows)
    environment = orion_environment(urls, broker)
    ratios = measure_import(urls, assembly, dsn, file, options.rows)
    slug = copy_products(postgres, dsn)
    if options.only is None:
        with (
            serving(["tests.benchmarks.baseline:create_app", "--factory"], {"BASELINE_DSN": dsn}) as hand_written,
            serving([], environment) as orion,
        ):
            base = f"/api/v1/shop/{STORE}/products"
            pairs = {
                "product list of 20": ("/products", base),
                "product detail": (f"/products/{slug}", f"{base}/{slug}"),
            }
            for name, pair in pairs.items():
                ratios[name] = compare(name, (hand_written, orion), [pair], options)
    else:
        ratios.clear()  # the feed was only needed for its products
    return ratios | orders.measure(assembly, postgres, environment, folder, options)


def measure_import(urls: PostgresUrls, assembly: Assembly, dsn: str, file: Path, rows: int) -> dict[str, float]:
    """Import a file of new and then of known rows, with the baseline and with Orion."""
    ratios = {}
    make_store(urls, assembly)
    for state in ("new", "unchanged"):
        started = time.perf_counter()
        baseline.import_rows(dsn, feed_rows(file))
        theirs = time.perf_counter() - started
        started = time.perf_counter()
        report = import_feed(urls, assembly, file)
        ours = time.perf_counter() - started
        name = f"feed import, {state}"
        ratios[name] = theirs / ours
        print(f"{name:<24} baseline {theirs:6.2f} s   Orion {ours:6.2f} s   ratio {ratios[name]:.2f}   {report}")
        assert sum(report.values()) == rows, report
    return ratios


def copy_products(postgres: EmbeddedPostgres, dsn: str) -> str:
    """Give the baseline the same products and return the slug of one."""
    columns = (
        "id, slug, title, brand, image, description, price_minor, max_price_minor, compare_at_minor, currency, in_stock"
    )
    with psycopg.connect(postgres.superuser_dsn("orion"), autocommit=True) as connection:
        connection.execute(f"INSERT INTO baseline.products ({columns}) SELECT {columns} FROM catalog.products")
        connection.execute(
            "INSERT INTO baseline.variants SELECT product_id, sku, price_minor, compare_at_minor, availability "
            "FROM catalog.variants"
        )
        connection.execute("VACUUM ANALYZE")
        row = connection.execute("SELECT slug FROM baseline.products ORDER BY id LIMIT 1 OFFSET 500").fetchone()
    assert row is not None
    return str(row[0])


if __name__ == "__main__":
    sys.exit(main())
