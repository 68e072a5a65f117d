"""API keys: shown once, kept as a hash, recognised by a visible prefix."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import NotFound
from orion_core.models.records import ApiKey
from orion_core.services.audit import audit


def create_api_key(
    session: Session, name: str, permissions: list[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key for the current tenant.

    Args:
        session: The session to write with.
        name: What the key is for.
        permissions: Codes it holds.
        expires_at: When it stops working; never if omitted.

    Returns:
        The record and the whole key, which cannot be shown again.
    """
    actor = current_context().actor
    prefix, secret = f"orion_{secrets.token_hex(5)}", secrets.token_urlsafe(32)
    key = ApiKey(
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        permissions=permissions,
        created_by=actor.id if actor else None,
        expires_at=expires_at,
    )
    session.add(key)
    audit(session, "core.create_api_key", key, name=name, permissions=permissions)
    return key, f"{prefix}.{secret}"


def find_api_key(session: Session, token: str) -> ApiKey | None:
    """Return the valid key a caller presents, or ``None``.

    Args:
        session: A session that sees the key's tenant.
        token: What the caller sent.
    """
    prefix, _, secret = token.partition(".")
    key = session.scalars(select(ApiKey).filter_by(prefix=prefix)).one_or_none()
    known = key.secret_hash if key else bytes(32)
    if not hmac.compare_digest(known, _hash(secret)) or key is None or key.revoked_at is not None:
        return None
    return None if key.expires_at and key.expires_at <= datetime.now(UTC) else key


def revoke_api_key(session: Session, key_id: object) -> None:
    """Make a key useless from now on.

    Args:
        session: The session to write with.
        key_id: The key's id.

    Raises:
        NotFound: If the current tenant has no such key.
    """
    key = session.scalars(select(ApiKey).filter_by(id=key_id)).one_or_none()
    if key is None:
        raise NotFound("there is no such API key")
    key.revoked_at = key.revoked_at or datetime.now(UTC)
    audit(session, "core.revoke_api_key", key)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
