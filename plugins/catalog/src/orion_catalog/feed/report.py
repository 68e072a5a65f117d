"""Writes row errors as a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from orion_catalog.feed.errors import RowError

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """Hands each line back to the caller of csv.writer instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def neutralised(value: str) -> str:
    """Return the value so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def errors_csv(errors: Iterable[RowError]) -> Iterator[str]:
    """Yield a header line and one line per error, following RFC 4180."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(["row", "line", "id", "column", "value", "code", "reason"])
    for error in errors:
        texts = (error.external_id or "", error.column, error.value, error.code, error.reason)
        yield writer.writerow([error.row, error.line, *map(neutralised, texts)])
