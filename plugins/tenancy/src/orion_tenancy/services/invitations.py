"""Invitations into a store's team: mailed as a link, accepted once, expiring by themselves."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import NotFound
from orion_core.mail import Mail, send_mail
from orion_core.services.audit import audit
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import verify_password
from orion_core.services.settings import get_settings
from orion_tenancy.config import TenancyConfig
from orion_tenancy.exceptions import AlreadyMember, InvitationInvalid, SignInRefused
from orion_tenancy.models import Credential, Invitation, Membership, Role, Store, User
from orion_tenancy.schemas import InvitationInput, JoinInput, UserInput
from orion_tenancy.services.roles import get_role, permissions_of, refuse_beyond_own
from orion_tenancy.services.scopes import acting_for, store_tenant
from orion_tenancy.services.sessions import token_hash
from orion_tenancy.services.sign_in import Caller
from orion_tenancy.services.team import add_member
from orion_tenancy.services.users import create_user, find_user

KEPT_DAYS = 30
"""How long an invitation that is over stays in the list."""


def invite(session: Session, given: InvitationInput) -> tuple[Invitation, str]:
    """Offer somebody a role here by mail, in place of an older offer; returns the token for the link."""
    role = get_role(session, given.role_id)
    refuse_beyond_own(permissions_of(role.code, role.permissions))
    store_id = current_context().store_id
    member = select(Membership.id).join(User, User.id == Membership.user_id)
    if session.scalar(member.where(Membership.store_id == store_id, User.email == given.email)):
        raise AlreadyMember
    session.execute(delete(Invitation).filter_by(store_id=store_id, email=given.email))
    token = secrets.token_urlsafe(32)
    days = get_settings(session, TenancyConfig).invitation_days
    invitation = Invitation(
        email=given.email,
        role_id=role.id,
        token_hash=token_hash(token),
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    session.add(invitation)
    audit(session, "tenancy.invite", invitation, email=given.email, role=role.code)
    _mail(session, invitation, token)
    return invitation, token


def _mail(session: Session, invitation: Invitation, token: str) -> None:
    context = current_context()
    mail = Mail(
        template="tenancy/mail/invitation.html",
        to=invitation.email,
        locale=context.store.locale,
        key=f"tenancy.invitation:{invitation.id}",
        variables={"inviter": context.actor.name if context.actor else "", "invitation": invitation, "token": token},
        secret=True,
    )
    send_mail(session, mail)


def list_invitations(session: Session) -> list[Invitation]:
    """Return the store's open invitations."""
    statement = select(Invitation).filter_by(store_id=current_context().store_id, accepted_at=None)
    return list(session.scalars(statement.order_by(Invitation.email)))


def withdraw_invitation(session: Session, invitation_id: UUID) -> None:
    invitation = session.get(Invitation, (current_context().store_id, invitation_id))
    if invitation is None or invitation.accepted_at is not None:
        raise NotFound("there is no such open invitation")
    audit(session, "tenancy.withdraw_invitation", invitation, email=invitation.email)
    session.delete(invitation)


def find_invitation(session: Session, token: str, *, lock: bool = False) -> tuple[Invitation, Store, bool]:
    """Return a valid invitation, its store, and whether its address already has an account."""
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > datetime.now(UTC),
    )
    invitation = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if invitation is None:
        raise InvitationInvalid
    store = session.get_one(Store, invitation.store_id)
    return invitation, store, find_user(session, invitation.email) is not None


def accept_invitation(session: Session, token: str, given: JoinInput, caller: Caller, limiter: LoginLimiter) -> Store:
    """Join the team: a new person sets a password, a known one proves theirs. A platform-wide session."""
    invitation, store, _ = find_invitation(session, token, lock=True)
    limiter.check(invitation.email, caller.ip, get_settings(session, TenancyConfig).login_attempts)
    user = find_user(session, invitation.email)
    with acting_for(session, store_tenant(session, store)):
        if user is None:
            name = given.name or invitation.email.partition("@")[0]
            user = create_user(session, UserInput(email=invitation.email, name=name, password=given.password))
        elif not _proves(session, user, given.password):
            raise SignInRefused("The password is wrong")
        add_member(session, user, session.get_one(Role, (store.id, invitation.role_id)))
        invitation.accepted_at = datetime.now(UTC)
    return store


def expire_invitations(session: Session) -> int:
    """Remove invitations that were over a month ago; safe to run at any time."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    statement = delete(Invitation).where(Invitation.expires_at < before).returning(Invitation.id)
    return len(session.scalars(statement).all())


def _proves(session: Session, user: User, password: str) -> bool:
    credential = session.get(Credential, user.id)
    return user.is_active and verify_password(password, credential.password_hash if credential else None)
