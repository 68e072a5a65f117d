"""Counts, resuming, memory and limits of a whole reading."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orion_catalog.feed.errors import FeedError, RowError
from orion_catalog.feed.reader import read_feed
from tests.modules.catalog.feed.conftest import Read

HEADER = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tcondition\tidentifier_exists\tproduct_type"
    "\tatalanda:quantity\tatalanda:tax_rate\tatalanda:delivery_method\n"
)


def _row(number: int) -> str:
    return (
        f"SKU-{number}\tProduct {number}\tDescription of product {number}\thttps://shop.example/{number}"
        f"\thttps://shop.example/img/{number}.jpg\tin stock\t{number % 9000 / 100 + 1:.2f} EUR\tnew\tfalse"
        f"\tHome > Gifts {number % 50}\t{number % 500 + 1}\t17\tpackage_delivery\n"
    )


@pytest.fixture
def long_feed(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "feed.tsv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(map(_row, range(100_000)))
    yield path
    path.unlink()


def test_100_000_rows_are_read_in_flat_memory(long_feed: Path) -> None:
    with long_feed.open("rb") as file:
        reader = read_feed(file)
        results = iter(reader)
        for _ in range(5_000):
            next(results)
        tracemalloc.start()
        for _ in results:
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (reader.counts.rows, reader.counts.accepted) == (100_000, 100_000)
    # 20 MB of rows leave behind only the hashes of their ids, some 80 bytes each in a set (measured: 9.7 MB).
    assert peak < 12_000_000


def test_checking_a_row_costs_a_small_multiple_of_splitting_it(long_feed: Path) -> None:
    started = time.process_time()
    with long_feed.open(encoding="utf-8", newline="") as lines:
        split = sum(1 for _ in csv.reader(lines, delimiter="\t"))
    splitting = time.process_time() - started
    with long_feed.open("rb") as file:
        accepted = sum(1 for _ in read_feed(file))
    checking = time.process_time() - started - splitting
    assert (split, accepted) == (100_001, 100_000)
    # Measured: 10 times. An import spends about as much again in the database.
    assert checking < 20 * splitting


def test_resumed_reading_yields_the_rest_with_the_same_totals(read: Read) -> None:
    content = HEADER + "".join(map(_row, [1, 2, 1, 3])) + "broken\n" + _row(2) + _row(4)
    whole = read(content)
    for position in range(len(whole.results) + 2):
        rest = read(content, skip_rows=position)
        assert rest.results == whole.results[position:]
        assert rest.reader.counts == whole.reader.counts
        assert rest.reader.warnings == whole.reader.warnings


def test_counts_run_along_and_stopping_early_leaves_the_stream_open() -> None:
    stream = io.BytesIO((HEADER + _row(1) + "broken\n" + _row(2)).encode())
    with read_feed(stream) as reader:
        results = iter(reader)
        next(results)
        next(results)
        counts = reader.counts
        assert (counts.rows, counts.accepted, counts.rejected, counts.line) == (2, 1, 1, 3)
        assert counts.by_code == {"cell_count": 1}
        assert reader.lines == 4
    assert not stream.closed


def test_unseekable_stream_is_read(read: Read) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with read_feed(Pipe((HEADER + _row(1)).encode())) as reader:
        assert [result.external_id for result in reader] == ["SKU-1"]


def test_file_over_the_limit_is_refused_before_it_is_read_through() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"id\ttitle\tprice\n" + b"1" * (size - 15)

    stream = Endless()
    with pytest.raises(FeedError) as refused:
        read_feed(stream, max_bytes=5_000_000)  # type: ignore[arg-type]  # a raw stream is enough here
    assert refused.value.code == "too_large"
    assert stream.given < 6_000_000


def test_more_rows_than_allowed_end_the_reading(read: Read) -> None:
    with pytest.raises(FeedError) as refused:
        read(HEADER + _row(1) + _row(2) + _row(3), max_rows=2)
    assert refused.value.code == "too_many_rows"


def test_header_alone_is_a_feed_without_rows(read: Read) -> None:
    assert read(HEADER).reader.counts.rows == 0


def _check_counts(content: bytes) -> None:
    try:
        reader = read_feed(io.BytesIO(content))
        results = list(reader)
    except FeedError:
        return
    errors = [result for result in results if isinstance(result, RowError)]
    counts = reader.counts
    assert [result.row for result in results] == list(range(1, counts.rows + 1))
    assert counts.rows == counts.accepted + counts.rejected
    assert counts.rejected == len(errors) == counts.by_code.total()
    for error in errors:
        error.value.encode()
        error.reason.encode()


@settings(max_examples=300)
@given(st.binary(max_size=2_000))
def test_garbage_is_a_feed_error_or_counts_add_up(content: bytes) -> None:
    _check_counts(content)


@settings(max_examples=500)
@given(st.sampled_from([b"", b"\xef\xbb\xbf"]), st.sampled_from(b"\t;,|"), st.binary(max_size=2_000))
def test_garbage_after_a_header_is_counted_row_by_row(bom: bytes, delimiter: int, garbage: bytes) -> None:
    _check_counts(bom + b"id;title;price;quantity\n".replace(b";", bytes([delimiter])) + garbage)


_CELL = st.sampled_from(
    [
        "1",
        "2",
        '"',
        '""',
        '"a',
        'b"',
        "'",
        "4.95",
        "4,95",
        "0",
        "",
        " ",
        "\0",
        "\x85",
        "\u2028",
        "<b>",
        "&lt;",
        "é",
        "\r",
        "\\",
    ]
)


@settings(max_examples=500)
@given(st.lists(st.lists(_CELL, max_size=6).map("\t".join), max_size=12), st.sampled_from(["utf-8", "utf-16"]))
def test_hostile_cells_in_any_arrangement_are_counted(lines: list[str], encoding: str) -> None:
    _check_counts("\n".join(["id\ttitle\tprice\tquantity", *lines]).encode(encoding))


@given(
    st.lists(st.text(alphabet=st.characters(exclude_characters='"\r\n', exclude_categories=["Cs", "Cc"])), max_size=20)
)
def test_every_line_without_quotes_is_one_result(lines: list[str]) -> None:
    reader = read_feed(io.BytesIO("\n".join(["id|title|price", *lines]).encode()))
    assert len(list(reader)) == sum(1 for line in lines if line.replace("|", "").strip())
