"""Identifiers: UUIDv7, so that keys sort by time and index pages stay dense."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id(at: datetime | None = None) -> UUID:
    """Return a new UUIDv7 as a standard library UUID.

    Args:
        at: When what it names came to be, so that imported records sort among the others; now if omitted.
    """
    return uuid7(nanoseconds=None if at is None else int(at.timestamp() * 1000) * 1_000_000)
