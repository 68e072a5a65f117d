"""A factory that reads a feed given as text or bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from orion_catalog.feed.errors import RowError
from orion_catalog.feed.product import FeedRow
from orion_catalog.feed.reader import FeedReader, read_feed


@dataclass(frozen=True)
class Reading:
    reader: FeedReader
    results: list[FeedRow | RowError]

    @property
    def rows(self) -> list[FeedRow]:
        return [result for result in self.results if isinstance(result, FeedRow)]

    @property
    def errors(self) -> list[RowError]:
        return [result for result in self.results if isinstance(result, RowError)]

    @property
    def outcomes(self) -> list[str]:
        """The id of each row taken and the code of each row refused, in file order."""
        return [result.external_id if isinstance(result, FeedRow) else result.code for result in self.results]

    @property
    def warning_codes(self) -> list[str]:
        return [warning.code for warning in self.reader.warnings]


class Read(Protocol):
    def __call__(self, content: str | bytes, **options: Any) -> Reading: ...


@pytest.fixture
def read() -> Read:
    def reading(content: str | bytes, **options: Any) -> Reading:
        data = content.encode() if isinstance(content, str) else content
        reader = read_feed(io.BytesIO(data), **options)
        return Reading(reader, list(reader))

    return reading
