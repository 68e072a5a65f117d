"""Encodings, delimiters, quotes and headers as shops send them."""

from __future__ import annotations

import codecs

import pytest

from orion_catalog.feed.errors import FeedError
from tests.modules.catalog.feed.conftest import Read

GOOD = "id\ttitle\tprice\n1\tBüchse\t4.95\n2\tÉtagère\t5.00\n"


@pytest.mark.parametrize(
    ("content", "warned"),
    [
        (GOOD.encode(), []),
        (codecs.BOM_UTF8 + GOOD.encode(), []),
        (GOOD.encode("cp1252"), ["not_utf8"]),
        (GOOD.encode("utf-16"), ["not_utf8"]),
        (codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"), ["not_utf8"]),
        (GOOD.replace("\n", "\r\n").encode(), []),
        (GOOD.replace("\n", "\r").encode(), []),
        (b"\n \n" + GOOD.encode() + b"\n\t\t\n", []),
    ],
)
def test_encodings_and_line_ends_are_recognised(read: Read, content: bytes, warned: list[str]) -> None:
    reading = read(content)
    assert [row.title for row in reading.rows] == ["Büchse", "Étagère"]
    assert reading.errors == []
    assert reading.warning_codes == warned


def test_encoding_is_judged_by_the_whole_file_not_by_its_beginning(read: Read) -> None:
    ascii_rows = "".join(f"{number}\tBox\t1.00\n" for number in range(100_000))
    reading = read(f"id\ttitle\tprice\n{ascii_rows}".encode() + "x\tBüchse\t1.00\n".encode("cp1252"))
    assert reading.rows[-1].title == "Büchse"
    assert reading.warning_codes == ["not_utf8"]


def test_damaged_bytes_cost_their_row_only(read: Read) -> None:
    reading = read(GOOD.encode() + b"3\tB\xff\xfechse\t1.00\n4\tDose\t1.00\n")
    assert reading.outcomes == ["1", "2", "bad_encoding", "4"]
    assert [row.title for row in reading.rows] == ["Büchse", "Étagère", "Dose"]
    assert reading.errors[0].external_id == "3"
    assert reading.warning_codes == ["damaged_bytes"]


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_delimiter_is_found_from_the_header(read: Read, delimiter: str) -> None:
    text = 'id|title|price\n1|"Box ""A"" {}"|4.95\n'.replace("|", delimiter).format(delimiter)
    assert [row.title for row in read(text).rows] == [" ".join(f'Box "A" {delimiter}'.split())]


def test_header_names_come_in_any_case_order_prefix_and_alias(read: Read) -> None:
    reading = read(
        '"Price"; NAME ;g:brand;SKU;atalanda:quantity;Image Link;EAN\n4.95;Box;Acme;1;3;https://a.example/b;\n'
    )
    (row,) = reading.rows
    assert (row.external_id, row.title, row.brand, row.quantity) == ("1", "Box", "Acme", 3)
    assert row.images == ("https://a.example/b",)


def test_name_of_the_format_beats_an_alias(read: Read) -> None:
    (row,) = read("sku,id,title,price\ns1,i1,Box,1.00\n").rows
    assert row.external_id == "i1"
    assert row.extras == {"sku": "s1"}


def test_unknown_and_repeated_columns_are_kept_and_reported(read: Read) -> None:
    reading = read("id,title,price,Regal,title,,Regal\n1,Box,1.00,A7,Kiste,?,B\n")
    (row,) = reading.rows
    assert row.title == "Box"
    assert row.extras == {"Regal": "A7", "title": "Kiste", "column 6": "?", "Regal (7)": "B"}
    assert reading.warning_codes == ["repeated_column", "unknown_columns"]


def test_single_quotes_and_mixed_header_of_the_published_sample_are_tolerated(read: Read) -> None:
    reading = read("'id','title';'description','price'\n'1','Women''s ring, gold','A \"good\" one','4.95'\n")
    assert [(row.title, row.description) for row in reading.rows] == [("Women's ring, gold", 'A "good" one')]
    assert reading.warning_codes == ["mixed_header"]


def test_apostrophes_in_texts_are_no_quotes(read: Read) -> None:
    reading = read("id\ttitle\tprice\n1\t'Twas\t1.00\n2\t'Best'\t1.00\n3\tMen's\t1.00\n")
    assert [row.title for row in reading.rows] == ["'Twas", "'Best'", "Men's"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n \r\n\n", "empty_file"),
        (codecs.BOM_UTF8, "empty_file"),
        (b"name of things\nnothing\n", "no_header"),
        (b"1\tBox\t4.95\n", "no_header"),
        (b"id\ttitle\n1\tBox\n", "missing_columns"),
        (b"id,title,price" + b",x" * 600, "too_many_columns"),
        (b"x" * 1_000_000, "no_header"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary_file"),
        (GOOD.encode("utf-16-le"), "binary_file"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><rss/>", "markup_file"),
    ],
)
def test_unusable_file_is_refused_with_a_code_and_a_hint(read: Read, content: bytes, code: str) -> None:
    with pytest.raises(FeedError) as refused:
        read(content)
    assert refused.value.code == code
    assert refused.value.hint


def test_missing_columns_names_those_needed_and_those_seen(read: Read) -> None:
    with pytest.raises(FeedError) as refused:
        read("id;Bezeichnung;Preis\n1;Box;4,95\n")
    assert "title, price" in refused.value.message
    assert "'Bezeichnung', 'Preis'" in refused.value.hint
