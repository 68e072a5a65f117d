"""Gives every feed a rewindable stream of bounded size, unpacking .gz and .zip on the way."""

from __future__ import annotations

import gzip
import re
import struct
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from typing import IO

from orion_catalog.feed.errors import FeedError

CHUNK = 1 << 18
# Feeds shrink 5 to 30 times, a bomb 1,000 times. Small files are left alone: they can do no harm.
_MAX_RATIO = 200
_RATIO_FROM = 1 << 24
_MAX_DIRECTORY = 1 << 20
_ZIP_TAIL = 66_000
_DIRECTORY_END = re.compile(rb"(?=PK\x05\x06.{8}(.{4}))", re.DOTALL)
_DIRECTORY_END_64 = b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    ValueError,
    NotImplementedError,
)


def rewindable(stream: IO[bytes], max_bytes: int, closing: ExitStack) -> IO[bytes]:
    """Return a stream that can be read twice from its start; temporary files are left to `closing`.

    Raises:
        FeedError: The file is larger than `max_bytes`, a bomb, or an archive that cannot be read.
    """
    source = stream if stream.seekable() else _copied(stream, closing, max_bytes, max_bytes)
    source.seek(0)
    magic = source.read(4)
    packed = source.seek(0, 2)
    source.seek(0)
    enough = min(max_bytes, max(_RATIO_FROM, packed * _MAX_RATIO))
    try:
        if magic.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=source) as inner:
                return _copied(inner, closing, enough, max_bytes)
        if magic in (b"PK\x03\x04", b"PK\x05\x06"):
            return _from_zip(source, closing, enough, max_bytes)
    except _FAULTS as fault:
        raise FeedError(
            "broken_archive", f"The compressed file cannot be read: {fault}", "Pack the feed again and retry."
        ) from fault
    return source


def too_large(max_bytes: int) -> FeedError:
    return FeedError(
        "too_large",
        f"The feed is larger than the limit of {max_bytes:,} bytes.",
        "Split the feed, or leave out columns that are not needed.",
    )


def _copied(source: IO[bytes] | gzip.GzipFile, closing: ExitStack, enough: int, max_bytes: int) -> IO[bytes]:
    target = closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (lives as long as `closing`)
    while chunk := source.read(CHUNK):
        target.write(chunk)
        size = target.tell()
        if size > max_bytes:
            raise too_large(max_bytes)
        if size > enough:
            raise FeedError(
                "archive_bomb",
                f"The compressed file unpacks to more than {_MAX_RATIO} times its size.",
                "Send the feed uncompressed if this is no mistake.",
            )
    target.seek(0)
    return target


def _from_zip(source: IO[bytes], closing: ExitStack, enough: int, max_bytes: int) -> IO[bytes]:
    _check_directory(source)
    with zipfile.ZipFile(source) as archive:
        if "[Content_Types].xml" in archive.namelist():
            message = "This is a spreadsheet workbook, not a CSV file."
            raise FeedError("workbook", message, "Save it as CSV (UTF-8) and send that.")
        files = [entry for entry in archive.infolist() if _is_file(entry)]
        if len(files) != 1:
            raise _unusable(f"The archive holds {len(files)} files instead of one.")
        if files[0].flag_bits & 1 or files[0].compress_type not in _METHODS:
            raise _unusable("The archive has a password or an unusual compression method.")
        with archive.open(files[0]) as inner:
            return _copied(inner, closing, enough, max_bytes)


def _is_file(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and not entry.filename.startswith("__MACOSX/")


def _check_directory(source: IO[bytes]) -> None:
    # zipfile reads the whole list of entries into memory, and a hostile file may claim millions of them.
    source.seek(max(0, source.seek(0, 2) - _ZIP_TAIL))
    tail = source.read()
    source.seek(0)
    sizes = [int.from_bytes(found[1], "little") for found in _DIRECTORY_END.finditer(tail)]
    if max(sizes, default=0) > _MAX_DIRECTORY or _DIRECTORY_END_64 in tail:
        raise _unusable("The archive lists far too many files.")


def _unusable(message: str) -> FeedError:
    return FeedError("unusable_archive", message, "Pack the feed alone, deflated and without password.")
