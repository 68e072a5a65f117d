"""What the module's pages share: what the reader may do, and ids in filters."""

from uuid import UUID

from orion_core.context import current_context


def may(permission: str) -> bool:
    actor = current_context().actor
    return actor is not None and actor.may(permission)


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
