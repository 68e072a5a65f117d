"""Splits a feed's text into records, so that a broken line costs itself and never the lines after it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from orion_catalog.feed.dialect import Dialect, split_line
from orion_catalog.feed.errors import storable

MAX_LINE = 1_000_000
MAX_CELL = 100_000
# A quoted cell may span this many lines; beyond it the quote counts as never closed. Lines read again after
# such a cell are counted, so that a file full of open quotes cannot make reading slow.
_MAX_SPAN = 500
_MAX_READ_AGAIN = 100_000


class Broken(NamedTuple):
    """A record that is no row; `cells` is the best guess at them, good enough to tell the id."""

    code: str
    reason: str
    text: str
    cells: list[str]


class Records:
    """Iterates over (number of the first line, cells or what is broken); blank records are left out."""

    def __init__(self, text: TextIO, dialect: Dialect, width: int, *, damaged: bool) -> None:
        self._text = text
        self._damaged = damaged
        self._delimiter = dialect.delimiter
        self._quote = dialect.quotechar
        self._width = width
        self._strict = csv.reader((), delimiter=dialect.delimiter, quotechar=dialect.quotechar, strict=True).dialect
        self._pending: deque[str] = deque()
        self._read_again = 0
        self._unfinished = False
        self.line = 0
        self.stray_quotes = 0
        for _ in range(dialect.header_lines):
            self._take()

    def __iter__(self) -> Iterator[tuple[int, list[str] | Broken]]:
        while line := self._take():
            start = self.line
            record = self._record(line)
            if record:
                yield start, record

    def _take(self) -> str:
        line = self._pending.popleft() if self._pending else self._text.readline(MAX_LINE)
        self.line += bool(line)
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            while (rest := self._text.readline(MAX_LINE)) and rest[-1] not in "\r\n":
                pass
        return line

    def _record(self, line: str) -> list[str] | Broken | None:
        """Return the cells of the record that starts with this line; None for a blank one."""
        if len(line) == MAX_LINE:
            return self._broken("line_too_long", f"the line is longer than {MAX_LINE:,} characters", line)
        taken = [line]
        if self._quote in line:
            cells = self._quoted(taken)
            if cells is None:
                return self._broken(
                    "unclosed_quote", "a quoted cell is never closed; reading goes on in the next line", line
                )
        else:
            cells = line.rstrip("\r\n").split(self._delimiter)
        if not cells[0].strip() and not "".join(cells).strip():
            return None
        return self._fault(line if len(taken) == 1 else "".join(taken), cells) or cells

    def _fault(self, line: str, cells: list[str]) -> Broken | None:
        if len(cells) != self._width:
            return Broken("cell_count", f"the row has {len(cells)} cells, the header {self._width}", line, cells)
        if "\0" in line:
            return Broken("nul_byte", "the row holds a NUL byte", line, cells)
        if len(line) > MAX_CELL and max(map(len, cells)) > MAX_CELL:
            return Broken("cell_too_long", f"a cell is longer than {MAX_CELL:,} characters", line, cells)
        if self._damaged and storable(line) != line:
            return Broken("bad_encoding", "the row holds bytes that do not fit the file's encoding", line, cells)
        return None

    def _broken(self, code: str, reason: str, line: str) -> Broken:
        cells = line[:MAX_CELL].split(self._delimiter)
        return Broken(code, reason, line, [cell.strip(self._quote) for cell in cells])

    def _quoted(self, taken: list[str]) -> list[str] | None:
        """Return the cells of a record with quotes, taking more lines as needed; None if one stays open."""
        self._unfinished = False
        cells: list[str] | None
        try:
            cells = next(csv.reader(self._continued(taken), self._strict))
        except csv.Error:
            cells = None
        if not self._unfinished:
            return cells or self._literal(taken[0])
        if cells is None or self._ran_on(taken, cells):
            self._give_back(taken[1:])
            return None
        return cells

    def _continued(self, taken: list[str]) -> Iterator[str]:
        yield taken[0]
        self._unfinished = True
        while len(taken) < _MAX_SPAN and self._read_again < _MAX_READ_AGAIN and (line := self._take()):
            taken.append(line)
            yield line

    def _ran_on(self, taken: list[str], cells: list[str]) -> bool:
        """Whether an open quote ran from its row into another, where a later quote happened to close it."""
        if len(cells) != self._width:
            return any(map(self._is_row, taken[1:]))
        if self._delimiter in "\t|":
            return any(self._delimiter in cell and len(cell.splitlines()) > 1 for cell in cells)
        # Commas are common in texts, so only two complete rows count as proof.
        return self._is_row(taken[0]) and self._is_row(taken[-1])

    def _is_row(self, line: str) -> bool:
        return line.count(self._delimiter) == self._width - 1

    def _give_back(self, lines: list[str]) -> None:
        self._pending.extendleft(reversed(lines))
        self._read_again += len(lines)
        self.line -= len(lines)

    def _literal(self, line: str) -> list[str]:
        """Return the cells of a line whose quotes are text, as in an unquoted tab-separated file."""
        self.stray_quotes += 1
        cells = line.rstrip("\r\n").split(self._delimiter)
        return cells if len(cells) == self._width else split_line(line, self._delimiter, self._quote)
