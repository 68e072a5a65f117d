"""What can be wrong with a feed: the whole file, one row, or something worth telling about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_SHOWN = 100


class FeedError(Exception):
    """The file as a whole cannot be read; nothing of it should be applied."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class CellError(Exception):
    """A cell or a combination of cells is refused; `column` is set where it is not the cell just read."""

    def __init__(self, code: str, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.column = column


class RowError(NamedTuple):
    """Why one row of the file was not taken.

    `row` counts rows of data from 1, `line` is where the row begins in the file (the header is line 1).
    `external_id` is what stood in the id column, so that a product whose row is broken is not taken for one
    that has left the file.
    """

    row: int
    line: int
    external_id: str | None
    column: str
    value: str
    code: str
    reason: str


@dataclass(slots=True)
class FeedWarning:
    """One kind of remark: how many rows it concerns and the first of them (0: the file as a whole)."""

    code: str
    column: str
    message: str
    count: int
    first_row: int


class Warnings:
    """Collects remarks, one per kind and column, however many rows share it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], FeedWarning] = {}

    def add(self, code: str, message: str, *, column: str = "", row: int = 0) -> None:
        known = self._found.get((code, column))
        if known is None:
            self._found[code, column] = FeedWarning(code, column, message, 1, row)
        else:
            known.count += 1

    def all(self) -> list[FeedWarning]:
        return list(self._found.values())


def storable(text: str) -> str:
    """Return the text without NUL and without bytes that could not be decoded."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def shown(value: str) -> str:
    """Return the value cut to a length a person reads."""
    return storable(value[:_SHOWN])
