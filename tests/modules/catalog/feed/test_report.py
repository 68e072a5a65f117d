"""The list of row errors opens safely in a spreadsheet and reads back unchanged."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_catalog.feed.errors import RowError
from orion_catalog.feed.report import errors_csv, neutralised


def _error(value: str) -> RowError:
    return RowError(3, 5, "A-1", "title", value, "too_long", "title is longer than 500 characters")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_value_that_would_be_a_formula_is_neutralised(start: str) -> None:
    assert neutralised(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_harmless_value_is_left_as_it_is() -> None:
    assert neutralised("Box = 1") == "Box = 1"


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_report_is_rfc_4180_and_reads_back(texts: list[str]) -> None:
    lines = list(errors_csv(map(_error, texts)))
    assert all(line.endswith("\r\n") for line in lines)
    rows = list(csv.reader(lines, strict=True))
    assert rows[0] == ["row", "line", "id", "column", "value", "code", "reason"]
    assert [row[4] for row in rows[1:]] == [neutralised(text) for text in texts]
    assert all(row[:4] == ["3", "5", "A-1", "title"] for row in rows[1:])
