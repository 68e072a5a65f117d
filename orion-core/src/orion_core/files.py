"""Files kept in the database: written with the change that makes them, never changed, seen by their tenant only."""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.errors import InvalidInput, NotFound
from orion_core.ids import new_id
from orion_core.models.file import FileRecord

MAX_BYTES = 20 * 1024 * 1024
"""The largest file; a row of the database is not the place for more."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file.

    Args:
        id: Its id.
        name: Name to save it under, without a folder.
        media_type: Such as ``application/pdf``.
        content: The bytes.
        sha256: Their SHA-256.
    """

    id: UUID
    name: str
    media_type: str
    content: bytes
    sha256: bytes


def store_file(session: Session, *, name: str, media_type: str, content: bytes) -> UUID:
    """Keep a file for the current tenant.

    Args:
        session: The session of the change that makes it.
        name: Name to save it under; what no file system takes is replaced.
        media_type: Such as ``application/pdf``.
        content: The bytes, at most 20 MiB.

    Returns:
        The file's id.

    Raises:
        InvalidInput: If it is too large.
        ValueError: If the media type is not one.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput(f"the file has {len(content)} bytes; at most {MAX_BYTES} are kept")
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError(f"{media_type!r} is not a media type")
    file = FileRecord(
        id=new_id(),
        name=_UNSAFE.sub("_", name).strip(" .") or "file",
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).digest(),
    )
    session.add(file)
    session.flush()
    return file.id


def read_file(session: Session, file_id: UUID) -> StoredFile:
    """Return a file.

    Args:
        session: A session that sees it: of its tenant, or platform-wide.
        file_id: The file.

    Raises:
        NotFound: If there is no such file here.
    """
    columns = FileRecord.id, FileRecord.name, FileRecord.media_type, FileRecord.content, FileRecord.sha256
    row = session.execute(select(*columns).where(FileRecord.id == file_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such file")
    return StoredFile(*row)


def list_files(session: Session, file_ids: list[UUID]) -> list[tuple[UUID, str, int]]:
    """Return id, name and size in bytes of files, in the order asked for, without their content.

    Args:
        session: A session that sees them.
        file_ids: Which.

    Raises:
        NotFound: If there is one that is not here.
    """
    if not file_ids:
        return []
    statement = select(FileRecord.id, FileRecord.name, func.length(FileRecord.content))
    found = {row[0]: (row[0], row[1], row[2]) for row in session.execute(statement.where(FileRecord.id.in_(file_ids)))}
    if missing := [file_id for file_id in file_ids if file_id not in found]:
        raise NotFound(f"there is no file {missing[0]}")
    return [found[file_id] for file_id in file_ids]
