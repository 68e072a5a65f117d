"""Imports of whole files: a real shop's, one killed half-way, a big one in flat memory."""

import csv
import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from orion_catalog.models import FeedImport, PriceChange, Product, ProductSearch, Variant
from orion_catalog.schemas import PriceInput
from orion_catalog.services.imports import record_import, run_import
from orion_catalog.services.listing import ListQuery, list_cards
from orion_catalog.services.prices import set_price
from orion_core.context import Tenant
from orion_core.db import platform_scope, unit_of_work
from orion_host.testing import Stage, data_folder
from tests.modules.catalog.market import HEADER, add_product, import_feed, outcome

ROWS = 3000


@pytest.fixture(scope="module")
def real() -> bytes:
    folder = data_folder()
    if folder is None or not (folder / "online-retail-feed.tsv").is_file():
        pytest.skip("ORION_TEST_DATA names no folder with online-retail-feed.tsv")
    return (folder / "online-retail-feed.tsv").read_bytes()


def counted() -> tuple[int, int, int, int]:
    with unit_of_work() as session:
        tables = (Product, Variant, PriceChange, ProductSearch)
        numbers = [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return numbers[0], numbers[1], numbers[2], numbers[3]


def test_a_real_feed_is_imported_once_however_it_is_written(store: Tenant, real: bytes) -> None:
    assert outcome(import_feed(real)) == (2687, 0, 0, 7)
    assert outcome(import_feed(real)) == (0, 0, 2687, 7)
    rows = list(csv.reader(io.StringIO(real.decode(), newline=""), delimiter="\t"))
    price = rows[0].index("price")
    copy = io.StringIO(newline="")
    writer = csv.writer(copy, delimiter=";")
    writer.writerow([*rows[0], "Größe"])
    writer.writerows([*row[:price], row[price].replace(".", ","), *row[price + 1 :], ""] for row in rows[1:])
    done = import_feed(copy.getvalue().encode("cp1252"))
    assert outcome(done) == (0, 0, 2687, 7)
    assert {warning["code"] for warning in done.warnings} == {"not_utf8", "unknown_columns", "decimal_comma"}
    assert counted() == (2687, 2687, 2687, 2687)
    with unit_of_work() as session:
        found = list_cards(session, ListQuery(q="red hanging heart"), 10).items
        assert found[0].title.startswith("RED HANGING HEART")


def test_a_killed_import_goes_on_where_it_was(store: Tenant, stage: Stage, tmp_path: Path) -> None:
    path = write_feed(tmp_path / "feed.tsv", ROWS)
    with unit_of_work() as session:
        import_id = record_import(session, path.name, path.stat().st_size).id
    for stop_at in (500, 1700):
        kill_at(stop_at, str(store.store and store.store.code), path, str(import_id), stage)
    with unit_of_work() as session:
        half = session.scalars(select(FeedImport)).one()
        assert 1700 <= half.rows < ROWS
        assert half.created == half.rows
    with path.open("rb") as stream:
        done = run_import(import_id, lambda _done, _total: None, stream)
    assert (done.status, outcome(done)) == ("completed", (ROWS, 0, 0, 0))
    assert counted() == (ROWS, ROWS, ROWS, ROWS)


def kill_at(rows: int, code: str, path: Path, import_id: str, stage: Stage) -> None:
    environment = os.environ | {
        "ORION_TEST_APP_URL": stage.urls.app,
        "ORION_TEST_PLATFORM_URL": stage.urls.platform,
        "ORION_CATALOG_IMPORT_BATCH_ROWS": "100",
    }
    command = [sys.executable, "-m", "tests.modules.catalog.importer", code, str(path), import_id]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip().isdigit() and int(line) >= rows:
                break
        process.kill()


def test_the_price_history_cannot_be_rewritten(store: Tenant) -> None:
    product = add_product("A-1")
    with unit_of_work() as session:
        variant = session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
        set_price(session, variant.id, PriceInput(price_minor=999))
    for scope in (unit_of_work, lambda: platform_scope("a test")):
        for statement in ("UPDATE catalog.price_changes SET price_minor = 1", "DELETE FROM catalog.price_changes"):
            with pytest.raises(ProgrammingError, match="permission denied"), scope() as session:
                session.connection().exec_driver_sql(statement)
    assert counted()[2] == 2


@pytest.mark.slow
def test_a_hundred_thousand_rows_in_flat_memory(store: Tenant, tmp_path: Path) -> None:
    small, big = write_feed(tmp_path / "small.tsv", 20_000), write_feed(tmp_path / "big.tsv", 100_000)
    assert outcome(import_feed(small.read_bytes())) == (20_000, 0, 0, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with unit_of_work() as session:
        import_id = record_import(session, big.name, big.stat().st_size).id
    with big.open("rb") as stream:
        done = run_import(import_id, lambda _done, _total: None, stream)
    assert outcome(done) == (80_000, 0, 20_000, 0)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 40, f"{grown:.0f} MB more for five times the rows"


def write_feed(path: Path, rows: int) -> Path:
    lines = (
        f"S{n}\tArticle number {n}\tA thing of {n}\t{n % 90 + 1}.50\t\tHome > Room {n % 9}\t\t\t{n % 7}\t"
        for n in range(rows)
    )
    with path.open("w") as file:
        file.write(f"{HEADER}\n")
        file.writelines(f"{line}\n" for line in lines)
    return path
