"""A broken line costs itself; the lines around it are read as if it were not there."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orion_catalog.feed.dialect import find_dialect
from orion_catalog.feed.errors import FeedError
from orion_catalog.feed.product import FeedRow
from orion_catalog.feed.reader import read_feed
from tests.modules.catalog.feed.conftest import Read

HEADER = "id\ttitle\tdescription\tprice\n"
NEIGHBOURS = {
    "plain": "7\tFrame\tdesc\t1.00\n",
    "inch mark": '7\tFrame 7"\tdesc\t1.00\n',
    "quoted": '7\t"Frame"\tdesc\t1.00\n',
    "all quoted": '"7"\t"Frame"\t"desc"\t"1.00"\n',
    "empty quoted": '7\tFrame\t""\t1.00\n',
    "several lines": '7\tFrame\t"one\ntwo\nthree"\t1.00\n',
}


@pytest.mark.parametrize("neighbour", NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
@pytest.mark.parametrize(
    "broken",
    [
        '1\t"Box\tdesc\t1.00\n',
        '1\tBox\t"desc\t1.00\n',
        '1\t"\n',
        '"\n',
        '1\tBox\tdesc\t1.00\t"\n',
        '1\tBox\tdesc\t"\n',
    ],
)
def test_unclosed_quote_never_swallows_the_next_row(read: Read, broken: str, neighbour: str) -> None:
    reading = read(f"{HEADER}{broken}{neighbour}9\tLast\tdesc\t1.00\n")
    assert reading.outcomes == ["unclosed_quote", "7", "9"]
    assert [result.line for result in reading.results][:2] == [2, 3]
    assert reading.errors[0].value == broken.rstrip("\n").ljust(len(broken), "\n")


@given(
    junk=st.text(alphabet=st.sampled_from("ab\"\t,;7 \\'"), max_size=30),
    neighbour=st.sampled_from(sorted(NEIGHBOURS.values())),
)
def test_no_junk_line_swallows_its_neighbours(junk: str, neighbour: str) -> None:
    text = f"{HEADER}first\tBox\tdesc\t1.00\n{junk}\n{neighbour}last\tBox\tdesc\t1.00\n"
    results = list(read_feed(io.BytesIO(text.encode())))
    taken = [result.external_id for result in results if isinstance(result, FeedRow)]
    assert [name for name in taken if name in {"first", "7", "last"}] == ["first", "7", "last"]


def test_comma_feed_resynchronises_too(read: Read) -> None:
    reading = read('id,title,description,price\n1,"Box,desc,1.00\n2,Frame 7",desc,1.00\n3,"a, ""b""",d,1.00\n')
    assert reading.outcomes == ["unclosed_quote", "2", "3"]


def test_quoted_cell_may_span_lines_and_line_numbers_stay_right(read: Read) -> None:
    reading = read(f'{HEADER}1\tBox\t"one\r\ntwo\n\nthree"\t1.00\n2\t\tdesc\t1.00\n')
    assert reading.rows[0].description == "one\ntwo\n\nthree"
    assert [(result.row, result.line) for result in reading.results] == [(1, 2), (2, 6)]


def test_quote_without_end_in_a_long_file_costs_one_row(read: Read) -> None:
    rows = "".join(f"{number}\tBox\tdesc\t1.00\n" for number in range(5_000))
    reading = read(f'{HEADER}x\t"Box\tdesc\t1.00\n{rows}')
    assert reading.reader.counts.accepted == 5_000
    assert reading.outcomes[0] == "unclosed_quote"


def test_file_full_of_open_quotes_is_read_in_bounded_time(read: Read) -> None:
    reading = read(HEADER + 'a"\t"\n' * 100_000)
    assert reading.reader.counts.rejected == 100_000


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1\tBox\tdesc\n", "cell_count"),
        ("1\tBox\tdesc\t1.00\tmore\n", "cell_count"),
        ("1\tBo\0x\tdesc\t1.00\n", "nul_byte"),
        (f"1\tBox\t{'x' * 100_001}\t1.00\n", "cell_too_long"),
        (f'1\tBox\t"{"x" * 200_000}"\t1.00\n', "cell_too_long"),
        (f"1\tBox\t{'x' * 3_000_000}\t1.00\n", "line_too_long"),
    ],
)
def test_broken_line_is_reported_and_reading_goes_on(read: Read, line: str, code: str) -> None:
    reading = read(f"{HEADER}{line}2\tBox\tdesc\t1.00\n")
    assert reading.outcomes == [code, "2"]
    assert (reading.errors[0].row, reading.errors[0].line, reading.errors[0].external_id) == (1, 2, "1")
    assert len(reading.errors[0].value) <= 100
    assert "\0" not in reading.errors[0].value


def test_quotes_used_as_text_are_kept_and_reported(read: Read) -> None:
    reading = read(f'{HEADER}1\t"Best" box\tsay "hi"\t1.00\n')
    assert [(row.title, row.description) for row in reading.rows] == [('"Best" box', 'say "hi"')]
    assert reading.warning_codes == ["stray_quotes"]


@settings(max_examples=200)
@given(st.text(max_size=400))
def test_header_of_any_text_is_understood_or_refused(head: str) -> None:
    with suppress(FeedError):
        assert find_dialect(head).names
