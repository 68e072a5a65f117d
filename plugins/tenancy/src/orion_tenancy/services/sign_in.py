"""Signing in and out; unknown and known accounts are answered alike."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import Actor, current_context, use_context
from orion_core.services.audit import audit
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import verify_password
from orion_core.services.settings import get_settings
from orion_tenancy.config import TenancyConfig
from orion_tenancy.exceptions import SignInRefused
from orion_tenancy.models import Credential, User
from orion_tenancy.services.sessions import open_session, revoke_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a sign-in comes from."""

    ip: str
    user_agent: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session: its token, and how long the browser keeps it."""

    user_id: UUID
    token: str
    seconds: int


def sign_in(session: Session, email: str, password: str, caller: Caller, limiter: LoginLimiter) -> SignedIn:
    """Open a session and end the one the browser had; raises SignInRefused or TooManyRequests."""
    config = get_settings(session, TenancyConfig)
    limiter.check(email, caller.ip, config.login_attempts)
    user = session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()
    credential = session.get(Credential, user.id) if user else None
    fits = verify_password(password, credential.password_hash if credential else None)
    if user is None or not fits or not user.is_active:
        limiter.failed(caller.ip, config.login_attempts)
        raise SignInRefused
    limiter.succeeded(email, config.login_attempts)
    if caller.token:
        revoke_token(session, caller.token)
    token = open_session(session, user, days=config.session_days, ip=caller.ip, user_agent=caller.user_agent)
    actor = Actor(kind="user", id=user.id, name=user.name, email=user.email)
    with use_context(replace(current_context(), actor=actor)):
        audit(session, "tenancy.sign_in", user, ip=caller.ip)
        session.flush()
    return SignedIn(user_id=user.id, token=token, seconds=config.session_days * 86400)
