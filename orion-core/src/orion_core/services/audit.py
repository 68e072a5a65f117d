"""The audit trail: who did what to which record."""

from typing import Any

from sqlalchemy.orm import Session

from orion_core.context import SYSTEM, current_context
from orion_core.models.records import AuditEntry


def audit(session: Session, action: str, subject: Any, **changes: Any) -> None:
    """Write an entry in the running transaction, so that it exists exactly when the change does.

    Args:
        session: The session of the change.
        action: ``module.verb``, such as ``tenancy.suspend_merchant``.
        subject: The record changed; its class and id are written down.
        changes: What changed, plain values; never a secret.
    """
    context = current_context()
    actor = context.actor or SYSTEM
    session.flush()
    session.add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            subject_type=type(subject).__name__,
            subject_id=str(subject.id),
            changes=changes,
            request_id=context.request_id,
        )
    )
