"""Identifiers: UUIDv7, so that keys sort by time and index pages stay dense."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7 as a standard library UUID."""
    return uuid7()
