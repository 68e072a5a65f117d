"""Opens a feed: everything that is found out about the file before its first row is read."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import IO, TextIO

from orion_catalog.feed.amounts import decimal_mark
from orion_catalog.feed.columns import COLUMNS, DECIMAL_KINDS, Header, map_header
from orion_catalog.feed.compressed import rewindable
from orion_catalog.feed.dialect import Dialect, find_dialect
from orion_catalog.feed.encoding import Encoding, find_encoding
from orion_catalog.feed.errors import Warnings
from orion_catalog.feed.records import Broken, Records

_SAMPLE_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A feed whose header is understood; `closing` holds the temporary files it needs."""

    stream: IO[bytes]
    closing: ExitStack
    encoding: Encoding
    dialect: Dialect
    header: Header

    def records(self, text: TextIO) -> Records:
        return Records(text, self.dialect, self.header.width, damaged=self.encoding.bad_bytes > 0)


def open_feed(stream: IO[bytes], max_bytes: int, warnings: Warnings) -> OpenFeed:
    with ExitStack() as closing:
        source = rewindable(stream, max_bytes, closing)
        encoding = find_encoding(source, max_bytes)
        dialect = find_dialect(encoding.head)
        header = map_header(dialect.names)
        _note_encoding(encoding, warnings)
        _note_header(header, dialect, warnings)
        return OpenFeed(source, closing.pop_all(), encoding, dialect, header)


def decimal_marks(feed: OpenFeed, warnings: Warnings) -> dict[str, str]:
    """Return the decimal mark of each column with decimals, judged by the first rows of the file.

    A comma counts only where no row has a point: rows that differ later on are refused, never guessed.
    """
    head = feed.records(io.StringIO(feed.encoding.head, newline=""))
    sample = [record for _, record in islice(head, _SAMPLE_ROWS) if not isinstance(record, Broken)]
    marks = {}
    for column in COLUMNS:
        if column.kind not in DECIMAL_KINDS or column.name not in feed.header.known:
            continue
        position = feed.header.known[column.name]
        used = {mark for cells in sample if (mark := decimal_mark(cells[position]))}
        marks[column.name] = "," if used == {","} else "."
        if used == {","}:
            message = f"{column.name} is read with a decimal comma."
            warnings.add("decimal_comma", message, column=column.name)
        elif "," in used:
            message = f"{column.name} has decimal points and commas; rows with a comma are refused."
            warnings.add("mixed_decimals", message, column=column.name)
    return marks


def _note_encoding(encoding: Encoding, warnings: Warnings) -> None:
    if encoding.name == "cp1252":
        warnings.add("not_utf8", "The file is not UTF-8; it is read as Windows-1252.")
    elif encoding.name == "utf-16":
        warnings.add("not_utf8", "The file is not UTF-8; it is read as UTF-16.")
    elif encoding.bad_bytes:
        message = f"{encoding.bad_bytes} bytes are not UTF-8; rows that hold them are refused."
        warnings.add("damaged_bytes", message)


def _note_header(header: Header, dialect: Dialect, warnings: Warnings) -> None:
    if dialect.mixed_header:
        warnings.add("mixed_header", "The header mixes delimiters; its names were split at each of them.")
    for name in header.repeated:
        message = f"{name} stands in the header more than once; the first one counts."
        warnings.add("repeated_column", message, column=name)
    if header.extras:
        names = ", ".join(name for name, _ in header.extras)
        warnings.add("unknown_columns", f"Columns kept as they are: {names}")
