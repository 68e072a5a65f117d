"""Finds out how a feed's bytes are to be decoded, looking at all of them without keeping them."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import IO

from orion_catalog.feed.compressed import CHUNK, too_large
from orion_catalog.feed.dialect import empty_file
from orion_catalog.feed.errors import FeedError

HEAD_BYTES = CHUNK
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c")
_MARKUP = (b"<?xml", b"<rss", b"<!DOCTYPE", b"<html")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode the stream; bytes that do not fit become lone surrogates and spoil only their row."""

    name: str
    errors: str
    bad_bytes: int
    lines: int
    head: str


@dataclass(slots=True)
class _Tally:
    """Counts what the bytes would be as UTF-8: lines, characters beyond ASCII, and bytes that do not fit."""

    size: int = 0
    lines: int = 0
    wide: int = 0
    bad: int = 0

    def add(self, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
        self.size += len(chunk)
        self.lines += chunk.count(b"\n")
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            bad = len(text) - len(text.encode("utf-8", "ignore").decode())
            self.bad += bad
            self.wide += len(text) - len(text.encode("ascii", "ignore")) - bad


def find_encoding(stream: IO[bytes], max_bytes: int) -> Encoding:
    """Read the stream once from its start and tell its encoding.

    Raises:
        FeedError: The file is empty, binary or larger than `max_bytes`.
    """
    stream.seek(0)
    chunk = head = stream.read(HEAD_BYTES)
    name = next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")
    if name != "utf-16":
        _refuse_other_formats(head[:4096])
    tally = _Tally()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while chunk:
        tally.add(chunk, decoder)
        if tally.size > max_bytes:
            raise too_large(max_bytes)
        chunk = stream.read(CHUNK)
    tally.add(b"", decoder)
    if not tally.size:
        raise empty_file()
    # Accented Windows-1252 text hardly ever forms valid UTF-8, so the majority tells a file in another
    # encoding from a UTF-8 file with a few damaged rows.
    if name == "utf-8" and tally.bad > tally.wide:
        name = "cp1252"
    errors = "replace" if name == "utf-16" else "surrogateescape"
    bad_bytes = 0 if name == "utf-16" else tally.bad
    text = _head_text(head, name, errors, whole=tally.size == len(head))
    return Encoding(name, errors, bad_bytes, tally.lines, text)


def _refuse_other_formats(start: bytes) -> None:
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > max(16, len(start) // 20):
        hint = "Send the feed as CSV in UTF-8; UTF-16 is read only with its byte order mark."
        raise FeedError("binary_file", "This is not a text file.", hint)
    if start.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(_MARKUP):
        hint = "Send the feed as CSV with a header line."
        raise FeedError("markup_file", "This is an XML or HTML file, not CSV.", hint)


def _head_text(head: bytes, name: str, errors: str, *, whole: bool) -> str:
    text = codecs.getincrementaldecoder(name)(errors).decode(head, final=whole)
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    if not whole and not end:
        raise FeedError(
            "no_header",
            f"The first {HEAD_BYTES:,} bytes hold no line end.",
            "Put the column names into the first line and each product on a line of its own.",
        )
    return text if whole else text[:end]
