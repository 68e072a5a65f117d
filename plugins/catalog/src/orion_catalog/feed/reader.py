"""Reads a whole feed: products and row errors in file order, with counts, warnings and a place to resume."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import IO, Self, TextIO

from orion_catalog.feed.errors import FeedError, FeedWarning, RowError, Warnings, shown
from orion_catalog.feed.opened import OpenFeed, decimal_marks, open_feed
from orion_catalog.feed.product import FeedRow
from orion_catalog.feed.records import Broken
from orion_catalog.feed.rows import RowReader

MAX_BYTES = 1 << 30
MAX_ROWS = 1_000_000
_MAX_BOOSTED_SHARE = 0.5


@dataclass(slots=True)
class Counts:
    """Running totals from the first row of the file, rows skipped on resuming included."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    line: int = 0
    by_code: Counter[str] = field(default_factory=Counter)


class FeedReader:
    """Iterates once over the rows of a feed.

    `counts.rows` is the place to resume from: a reader of the same file with `skip_rows` set to it yields
    what comes after, with the same outcomes and totals. `lines` is about how many lines there are in all, for
    progress. `warnings` is complete when the last row has been read.

    Iterating to the end frees the temporary file that a compressed or unseekable stream needs; whoever may
    stop earlier uses the reader in a `with` block. The given stream itself stays open.
    """

    def __init__(self, feed: OpenFeed, rows: RowReader, warnings: Warnings, *, skip_rows: int, max_rows: int) -> None:
        self.header = feed.header
        self.lines = feed.encoding.lines
        self.counts = Counts()
        self._feed = feed
        self._rows = rows
        self._warnings = warnings
        self._skip_rows = skip_rows
        self._max_rows = max_rows
        self._items = self._read()

    def __iter__(self) -> Iterator[FeedRow | RowError]:
        return self._items

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._items.close()
        self._feed.closing.close()

    @property
    def warnings(self) -> list[FeedWarning]:
        return self._warnings.all()

    def _read(self) -> Generator[FeedRow | RowError, None, None]:
        stream, encoding = self._feed.stream, self._feed.encoding
        with self._feed.closing:
            stream.seek(0)
            text = io.TextIOWrapper(stream, encoding=encoding.name, errors=encoding.errors, newline="")
            try:
                yield from self._results(text)
            finally:
                if not stream.closed:
                    text.detach()

    def _results(self, text: TextIO) -> Iterator[FeedRow | RowError]:
        counts, records = self.counts, self._feed.records(text)
        for line, record in records:
            if counts.rows == self._max_rows:
                message = f"The feed has more than {self._max_rows:,} rows."
                raise FeedError("too_many_rows", message, "Split the feed, or ask for a higher limit.")
            counts.rows += 1
            counts.line = line
            result = self._result(line, record)
            if isinstance(result, RowError):
                counts.rejected += 1
                counts.by_code[result.code] += 1
            else:
                counts.accepted += 1
            if counts.rows > self._skip_rows:
                yield result
        self._note_totals(records.stray_quotes)

    def _result(self, line: int, record: list[str] | Broken) -> FeedRow | RowError:
        row = self.counts.rows
        if not isinstance(record, Broken):
            return self._rows.read(row, line, record)
        position = self.header.known["id"]
        external_id = shown(record.cells[position].strip()) if position < len(record.cells) else ""
        return RowError(row, line, external_id or None, "", shown(record.text), record.code, record.reason)

    def _note_totals(self, stray_quotes: int) -> None:
        if stray_quotes:
            self._warnings.add("stray_quotes", f"{stray_quotes} lines hold quotes that were read as text.")
        if self._rows.boosted > self.counts.accepted * _MAX_BOOSTED_SHARE:
            message = f"{self._rows.boosted} of {self.counts.accepted} products have a boost_sort above 7."
            self._warnings.add("too_many_boosted", message, column="boost_sort")


def read_feed(
    stream: IO[bytes],
    *,
    default_currency: str = "EUR",
    default_tax_rate: int | None = None,
    skip_rows: int = 0,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> FeedReader:
    """Open a feed and recognise its header.

    Args:
        stream: The file from its beginning, plain or as .gz or .zip.
        default_currency: ISO code for prices that name none.
        default_tax_rate: Basis points for rows that name none.
        skip_rows: How many rows to pass over, `counts.rows` of an earlier reading.
        max_bytes: Largest size accepted, unpacked.
        max_rows: Most rows accepted.

    Raises:
        FeedError: The file cannot be used at all; iterating may raise it, too.
    """
    warnings = Warnings()
    feed = open_feed(stream, max_bytes, warnings)
    marks = decimal_marks(feed, warnings)
    rows = RowReader(feed.header, marks, warnings, currency=default_currency, tax_rate=default_tax_rate)
    return FeedReader(feed, rows, warnings, skip_rows=skip_rows, max_rows=max_rows)
