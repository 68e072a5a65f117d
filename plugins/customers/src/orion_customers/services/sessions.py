"""Customers' sessions and mailed one-time links: a random token for the holder, its SHA-256 for the database."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from orion_customers.exceptions import LinkExpired
from orion_customers.models import Customer, CustomerSession, PasswordResetToken


def open_session(session: Session, customer_id: UUID, *, days: int, user_agent: str = "") -> str:
    """Record a sign-in and return its token, which is not kept anywhere."""
    token = secrets.token_urlsafe(32)
    expires_at = datetime.now(UTC) + timedelta(days=days)
    kept = {"token_hash": token_hash(token), "expires_at": expires_at, "user_agent": user_agent[:300]}
    session.add(CustomerSession(customer_id=customer_id, **kept))
    return token


def find_holder(session: Session, store_id: UUID, token: str) -> tuple[UUID, Customer] | None:
    """Return the live session of a token in a store with its customer; works in platform-wide sessions, too."""
    statement = (
        select(CustomerSession.id, Customer)
        .join(Customer, (Customer.store_id == CustomerSession.store_id) & (Customer.id == CustomerSession.customer_id))
        .where(
            CustomerSession.token_hash == token_hash(token),
            CustomerSession.store_id == store_id,
            CustomerSession.expires_at > datetime.now(UTC),
            ~Customer.is_blocked,
            Customer.erased_at.is_(None),
        )
    )
    found = session.execute(statement).one_or_none()
    return (found[0], found[1]) if found else None


def end_session(session: Session, token: str) -> None:
    """End the session of a token; fine if there is none."""
    session.execute(delete(CustomerSession).where(CustomerSession.token_hash == token_hash(token)))


def revoke_sessions(session: Session, customer_id: UUID, *, keep: UUID | None = None) -> None:
    """End all sessions of a customer except ``keep``."""
    statement = delete(CustomerSession).where(CustomerSession.customer_id == customer_id)
    session.execute(statement.where(CustomerSession.id != keep) if keep else statement)


def make_link(session: Session, customer: Customer, kind: str, hours: int) -> str:
    """Return the token of a new one-time link; earlier ones of the kind no longer work."""
    mine = (PasswordResetToken.customer_id == customer.id, PasswordResetToken.kind == kind)
    session.execute(delete(PasswordResetToken).where(*mine))
    token = secrets.token_urlsafe(32)
    expires_at = datetime.now(UTC) + timedelta(hours=hours)
    kept = {"token_hash": token_hash(token), "expires_at": expires_at}
    session.add(PasswordResetToken(customer_id=customer.id, kind=kind, **kept))
    return token


def use_link(session: Session, token: str, kind: str) -> Customer:
    """Return the customer a one-time link was mailed to; it works once.

    Raises:
        LinkExpired: It was used, is too old, or never was.
    """
    statement = (
        delete(PasswordResetToken)
        .where(
            PasswordResetToken.token_hash == token_hash(token),
            PasswordResetToken.kind == kind,
            PasswordResetToken.expires_at > datetime.now(UTC),
        )
        .returning(PasswordResetToken.customer_id)
    )
    customer_id = session.scalar(statement)
    if customer_id is None:
        raise LinkExpired
    return session.scalars(select(Customer).where(Customer.id == customer_id)).one()


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def forget_old_tokens(session: Session) -> int:
    """Remove sessions and links that are over; safe to run at any time."""
    now = datetime.now(UTC)
    gone = [
        *session.scalars(delete(CustomerSession).where(CustomerSession.expires_at < now).returning(CustomerSession.id)),
        *session.scalars(
            delete(PasswordResetToken).where(PasswordResetToken.expires_at < now).returning(PasswordResetToken.id)
        ),
    ]
    return len(gone)
