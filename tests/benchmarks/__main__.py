"""Measures product list, product detail and feed import against their baselines and prints the ratios.

Rounds alternate between the two sides and the medians are compared, so that other load on the machine hits both.
Exit code 1 if a ratio is below what is to be held.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from orion_host.assembly import Assembly, assemble
from orion_host.embedded import EmbeddedPostgres, EmbeddedValkey, PostgresUrls
from orion_host.testing import migrate
from tests.benchmarks import baseline
from tests.benchmarks.load import Load
from tests.benchmarks.shop import STORE, feed_file, feed_rows, import_feed, make_store, orion_environment
from tests.running import free_port

HOLD = {"product list of 20": 0.7, "product detail": 0.7, "feed import, new": 0.4, "feed import, unchanged": 0.4}


def main() -> int:
    """Run the benchmarks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the imported feed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one round")
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
    ratios = measure_import(urls, assembly, dsn, file, options.rows)
    slug = copy_products(postgres, dsn)
    environment = orion_environment(urls, broker)
    with serving(["tests.benchmarks.baseline:create_app", "--factory"], {"BASELINE_DSN": dsn}) as hand_written:
        with serving([], environment) as orion:
            base = f"/api/v1/shop/{STORE}/products"
            pairs = {
                "product list of 20": ("/products", base),
                "product detail": (f"/products/{slug}", f"{base}/{slug}"),
            }
            for name, (theirs, ours) in pairs.items():
                ratios[name] = compare(name, (hand_written, theirs), (orion, ours), options)
    return ratios


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


@contextmanager
def serving(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    """Run one server process and yield its port: uvicorn with ``arguments``, or ``orion serve`` without."""
    port = free_port()
    quiet = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    command = ["-m", "uvicorn", *arguments, *quiet] if arguments else ["-m", "orion_host", "serve", "--port", str(port)]
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, **environment})
    try:
        wait_until_open(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def compare(name: str, hand_written: tuple[int, str], orion: tuple[int, str], options: argparse.Namespace) -> float:
    """Load both sides in turn and return the ratio of the median rates."""
    rounds: dict[str, list[Load]] = {"baseline": [], "orion": []}
    for number in range(options.rounds + 1):
        for side, (port, path) in (("baseline", hand_written), ("orion", orion)):
            load = ask(port, path, options.seconds if number else 1.0)
            if number:  # the first round warms up
                rounds[side].append(load)
    theirs, ours = (statistics.median(load.per_second for load in rounds[side]) for side in ("baseline", "orion"))
    p99 = statistics.median(load.p99 for load in rounds["orion"])
    print(f"{name:<24} baseline {theirs:6.0f}/s   Orion {ours:6.0f}/s   ratio {ours / theirs:.2f}   p99 {p99:.1f} ms")
    return ours / theirs


def ask(port: int, path: str, seconds: float) -> Load:
    """Load one address from a process of its own with 8 connections."""
    arguments = [str(port), path, str(seconds), "8"]
    command = [sys.executable, "-m", "tests.benchmarks.load", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return Load(*map(float, answer.stdout.split()))


if __name__ == "__main__":
    sys.exit(main())
