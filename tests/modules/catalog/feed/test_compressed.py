"""Packed feeds are read; bombs and archives of anything else are refused in bounded memory."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
import zlib

import pytest

from orion_catalog.feed.errors import FeedError
from tests.modules.catalog.feed.conftest import Read

FEED = b"id\ttitle\tprice\n1\tBox\t4.95\n"


def _gz(content: bytes) -> bytes:
    """Pack without the present time: the bytes are part of tests' names, which parallel workers compare."""
    return gzip.compress(content, mtime=0)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(FEED)
    for _ in range(megabytes):
        packed += packer.compress(b"\n" * 1_000_000)
    return packed + packer.flush()


@pytest.mark.parametrize("content", [_gz(FEED), _zip({"feed": FEED}), _zip({"folder/feed": FEED, "__MACOSX/x": b"x"})])
def test_packed_feed_is_read(read: Read, content: bytes) -> None:
    assert read(content).outcomes == ["1"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_gz(FEED)[:-6], "broken_archive"),
        (_gz(FEED)[:12] + b"garbage", "broken_archive"),
        (_zip({"feed": FEED})[:-30], "broken_archive"),
        (_zip({"a": FEED, "b": FEED}), "unusable_archive"),
        (_zip({}), "unusable_archive"),
        (_zip({"[Content_Types].xml": b"x", "xl/sheet": b"x"}), "workbook"),
        (_zip({"feed": bytes(range(256)) * 20}), "binary_file"),
        (_gz(b""), "empty_file"),
    ],
)
def test_unusable_archive_is_refused(read: Read, content: bytes, code: str) -> None:
    with pytest.raises(FeedError) as refused:
        read(content)
    assert refused.value.code == code


def test_archive_with_a_password_is_refused(read: Read) -> None:
    content = bytearray(_zip({"feed": FEED}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    with pytest.raises(FeedError, match="password"):
        read(bytes(content))


def test_archive_that_lists_a_million_files_is_refused_unread(read: Read) -> None:
    content = bytearray(_zip({"feed": FEED}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")
    with pytest.raises(FeedError, match="too many files"):
        read(bytes(content))


@pytest.mark.parametrize("packed_as", ["gz", "zip"])
def test_bomb_is_refused_in_bounded_memory(read: Read, packed_as: str) -> None:
    content = _bomb(40) if packed_as == "gz" else _zip({"feed": gzip.decompress(_bomb(40))})
    tracemalloc.start()
    with pytest.raises(FeedError) as refused:
        read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == "archive_bomb"
    assert peak < 4_000_000


def test_limit_counts_unpacked_bytes(read: Read) -> None:
    with pytest.raises(FeedError) as refused:
        read(_gz(FEED * 1000), max_bytes=10_000)
    assert refused.value.code == "too_large"
