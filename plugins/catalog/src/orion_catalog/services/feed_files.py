"""Uploaded feed files, kept in the database in pieces, because workers share no disk with the web."""

import tempfile
from typing import IO
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from orion_catalog.models import FeedChunk
from orion_core.db import unit_of_work

CHUNK_BYTES = 1 << 20


def store_file(session: Session, import_id: UUID, stream: IO[bytes]) -> None:
    pieces = iter(lambda: stream.read(CHUNK_BYTES), b"")
    for number, content in enumerate(pieces):
        session.execute(insert(FeedChunk).values(import_id=import_id, number=number, content=content))


def open_file(import_id: UUID) -> IO[bytes]:
    """Return the stored file as a temporary one at its beginning; the caller closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    number = 0
    with unit_of_work() as session:
        while (content := session.scalar(_chunk(import_id, number))) is not None:
            file.write(content)
            number += 1
    file.seek(0)
    return file


def drop_file(session: Session, import_id: UUID) -> None:
    session.execute(delete(FeedChunk).where(FeedChunk.import_id == import_id))


def _chunk(import_id: UUID, number: int) -> Select[bytes]:
    return select(FeedChunk.content).where(FeedChunk.import_id == import_id, FeedChunk.number == number)
