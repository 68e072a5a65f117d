"""Puts the lines of a file in order on disk, so that a file of any size needs no more memory than a small one."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Self

from orion_orders.services.history_rows import HistoryLine


class Staging:
    """A database of its own in a temporary file, which is gone when the block ends."""

    def __init__(self) -> None:
        self._lines = sqlite3.connect("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lines.close()

    def fill(self, lines: Iterable[HistoryLine]) -> None:
        """Take all lines in, in any order."""
        columns = HistoryLine._fields
        self._lines.execute(f"CREATE TABLE lines ({', '.join(columns)})")
        self._lines.executemany(f"INSERT INTO lines VALUES ({', '.join('?' * len(columns))})", lines)  # noqa: S608  a constant

    def documents(self, *, cancelling: bool) -> Iterator[list[HistoryLine]]:
        """Yield the lines of each invoice, or of each cancellation, in the file's order.

        Args:
            cancelling: Which of the two.
        """
        wanted = "SELECT * FROM lines WHERE (quantity < 0) = ? ORDER BY invoice, number"
        lines = map(HistoryLine._make, self._lines.execute(wanted, (cancelling,)))
        for _, document in groupby(lines, lambda line: line.invoice):
            yield list(document)
