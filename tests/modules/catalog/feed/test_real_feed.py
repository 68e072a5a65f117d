"""The products of a real shop, as untidy as they were; skipped where the data is not at hand."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from tests.modules.catalog.feed.conftest import Read

EXPECTED = {"missing_title": 6, "price_not_positive": 1}


@pytest.fixture(scope="module")
def real() -> bytes:
    path = Path(os.environ.get("ORION_TEST_DATA", "")) / "online-retail-feed.tsv"
    if not path.is_file():
        pytest.skip("ORION_TEST_DATA names no folder with online-retail-feed.tsv")
    return path.read_bytes()


def test_untidy_rows_are_refused_and_all_others_taken(read: Read, real: bytes) -> None:
    reading = read(real)
    assert (reading.reader.counts.rows, reading.reader.counts.accepted) == (2694, 2687)
    assert reading.reader.counts.by_code == EXPECTED
    assert reading.reader.warnings == []
    titles = {row.external_id: row.title for row in reading.rows}
    assert titles["22041"] == 'RECORD FRAME 7" SINGLE SIZE'
    assert titles["85071C"] == 'CHARLIE+LOLA"EXTREMELY BUSY" SIGN'


def test_copy_with_semicolons_decimal_commas_and_windows_1252_says_the_same(read: Read, real: bytes) -> None:
    original = read(real)
    rows = list(csv.reader(io.StringIO(real.decode(), newline=""), delimiter="\t"))
    price = rows[0].index("price")
    copy = io.StringIO(newline="")
    writer = csv.writer(copy, delimiter=";")
    writer.writerow([*rows[0], "Größe"])
    writer.writerows([*row[:price], row[price].replace(".", ","), *row[price + 1 :], ""] for row in rows[1:])
    reading = read(copy.getvalue().encode("cp1252"))
    assert reading.outcomes == original.outcomes
    assert [row.content_hash for row in reading.rows] == [row.content_hash for row in original.rows]
    assert reading.warning_codes == ["not_utf8", "unknown_columns", "decimal_comma"]


def test_one_quote_too_many_costs_one_row(read: Read, real: bytes) -> None:
    lines = real.decode().split("\n")
    cells = lines[1000].split("\t")
    lines[1000] = "\t".join([cells[0], f'"{cells[1]}', *cells[2:]])
    lines[2000] = lines[2000][:40]
    reading = read("\n".join(lines))
    assert reading.reader.counts.rows == 2694
    assert reading.reader.counts.by_code == {**EXPECTED, "unclosed_quote": 1, "cell_count": 1}
    assert [error.line for error in reading.errors if not error.column] == [1001, 2001]
