"""Finds out how a feed's lines are written: delimiter, quotes and column names."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from orion_catalog.feed.columns import recognised
from orion_catalog.feed.errors import FeedError

_DELIMITERS = ("\t", ";", ",", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    quotechar: str
    names: tuple[str, ...]
    header_lines: int
    mixed_header: bool


def find_dialect(head: str) -> Dialect:
    """Tell delimiter, quotes and column names from the beginning of the file.

    Raises:
        FeedError: There is no line with text.
    """
    lines = io.StringIO(head, newline="").readlines()
    header_lines = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    if not header_lines:
        raise empty_file()
    header = lines[header_lines - 1]
    quotechar = _quotechar(header, [line for line in lines[header_lines:][:100] if line.strip()])
    candidates = {delimiter: split_line(header, delimiter, quotechar) for delimiter in _DELIMITERS}
    delimiter = max(candidates, key=lambda sign: (len(recognised(candidates[sign])), len(candidates[sign])))
    cells = candidates[delimiter]
    names = [name for cell in cells for name in _split_again(cell, quotechar)]
    return Dialect(delimiter, quotechar, tuple(names), header_lines, len(names) != len(cells))


def split_line(line: str, delimiter: str, quotechar: str) -> list[str]:
    """Split one line forgivingly; a line the csv module refuses is split at every delimiter."""
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quotechar), [])
    except csv.Error:
        return line.rstrip("\r\n").split(delimiter)


def empty_file() -> FeedError:
    hint = "Send a file with a header line and one line per product."
    return FeedError("empty_file", "The file is empty.", hint)


def _quotechar(header: str, rows: list[str]) -> str:
    """Return ' where the header or every row has cells wrapped in it, as in the marketplace's own sample."""
    if any(_has_wrapped(line, '"') for line in (header, *rows)):
        return '"'
    if _has_wrapped(header, "'") or (rows and all(_has_wrapped(line, "'") for line in rows)):
        return "'"
    return '"'


def _has_wrapped(line: str, quote: str) -> bool:
    cells = (cell for delimiter in _DELIMITERS for cell in line.rstrip("\r\n").split(delimiter))
    return any(len(cell) > 1 and cell[0] == cell[-1] == quote for cell in cells)


def _split_again(cell: str, quotechar: str) -> list[str]:
    """Split a header cell that holds further column names joined by another delimiter."""
    for delimiter in _DELIMITERS:
        if delimiter in cell:
            parts = split_line(cell, delimiter, quotechar)
            if all(recognised([part]) for part in parts):
                return parts
    return [cell]
