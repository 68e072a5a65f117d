"""Idempotency keys: the same request sent twice has one effect and one answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from orion_core.db import Prepared
from orion_core.db.mixins import owner_values
from orion_core.errors import InvalidInput
from orion_core.ids import new_id
from orion_core.models.records import IdempotencyRecord

_CLAIM = Prepared(
    text("""
        INSERT INTO core.idempotency_record (id, caller, key, body_hash, platform_id, merchant_id, store_id)
        VALUES (:id, :caller, :key, :body_hash, :platform_id, :merchant_id, :store_id)
        ON CONFLICT DO NOTHING RETURNING id
    """)
)
_ANSWER = Prepared(text("UPDATE core.idempotency_record SET status = :status, response = :response WHERE id = :id"))


class IdempotencyKeyReused(InvalidInput):
    """The key was used before with another body."""

    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for a different request"


def once(
    session: Session, key: str, caller: str, body: bytes, act: Callable[[], tuple[int, bytes]]
) -> tuple[int, bytes]:
    """Act once per key and caller; later calls get the first answer.

    A second call that comes while the first still runs waits for it: it blocks on the key's row. If the first
    rolls back, the second acts.

    Args:
        session: The session in which ``act`` works.
        key: What the caller sent as ``Idempotency-Key``.
        caller: Who sent it, after the module that answers (``orders.place:<user>``); keys of different callers do
            not meet.
        body: The request's body.
        act: Does the work and returns status and body of the answer.

    Returns:
        Status and body.

    Raises:
        IdempotencyKeyReused: If the key came before with another body.
    """
    owner, body_hash = owner_values(), hashlib.sha256(body).digest()
    mine = {"id": new_id(), "caller": caller, "key": key, "body_hash": body_hash, **owner}
    if _CLAIM.rows(session, mine):
        status, response = act()
        _ANSWER.run(session, {"id": mine["id"], "status": status, "response": response})
        return status, response
    record = session.scalars(
        select(IdempotencyRecord).filter_by(caller=caller, key=key, **owner).with_for_update()
    ).one()
    if record.body_hash != body_hash:
        raise IdempotencyKeyReused
    if record.status is None or record.response is None:
        record.status, record.response = act()
    return record.status, record.response


def forget_before(session: Session, moment: datetime) -> int:
    """Remove the records of keys first used before ``moment``.

    Args:
        session: A platform-wide session.
        moment: At least 24 hours ago, so that no retrying caller is surprised.

    Returns:
        How many were removed.
    """
    result = session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment))
    return int(result.rowcount)  # type: ignore[attr-defined]
