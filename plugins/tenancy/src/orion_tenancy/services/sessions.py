"""Staff sessions: a random token for the browser, its SHA-256 for the database."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from orion_core.services.audit import audit
from orion_tenancy.models import LoginSession, User

KEPT_DAYS = 30
"""How long a session that is over stays on record."""

SEEN_EVERY = timedelta(minutes=5)
"""How exact ``last_seen_at`` is; finer would be a write per request."""

SessionUser = Row[UUID, datetime, UUID, str, str, bool]


def open_session(session: Session, user: User, *, days: int, ip: str, user_agent: str) -> str:
    """Record a sign-in and return its token, which is not kept anywhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            user_id=user.id,
            token_hash=token_hash(token),
            expires_at=datetime.now(UTC) + timedelta(days=days),
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    return token


def find_session(session: Session, token: str) -> SessionUser | None:
    """Return the live session of a token together with its active user, and note that it was seen."""
    now = datetime.now(UTC)
    statement = (
        select(LoginSession.id, LoginSession.last_seen_at, User.id, User.name, User.email, User.is_platform_admin)
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            User.is_active,
        )
    )
    found = session.execute(statement).one_or_none()
    if found is not None and now - found[1] > SEEN_EVERY:
        session.execute(update(LoginSession).where(LoginSession.id == found[0]).values(last_seen_at=now))
    return found


def revoke_token(session: Session, token: str) -> None:
    """End the session of a token; fine if there is none."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token), LoginSession.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


def revoke_sessions(session: Session, user: User, *, keep: UUID | None = None) -> int:
    """End all sessions of a user except ``keep``; they fail with their next request."""
    statement = (
        update(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    if keep is not None:
        statement = statement.where(LoginSession.id != keep)
    ended = len(session.scalars(statement.returning(LoginSession.id)).all())
    audit(session, "tenancy.revoke_sessions", user, ended=ended)
    return ended


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def count_sessions(session: Session, user: User) -> int:
    statement = select(func.count()).where(
        LoginSession.user_id == user.id,
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > datetime.now(UTC),
    )
    return session.scalar(statement) or 0


def forget_old_sessions(session: Session) -> int:
    """Remove sessions that ended a month ago; safe to run at any time."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    statement = delete(LoginSession).where(LoginSession.expires_at < before).returning(LoginSession.id)
    return len(session.scalars(statement).all())
