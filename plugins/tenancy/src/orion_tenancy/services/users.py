"""Staff users: made, changed, deactivated; their passwords."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from orion_core.services.audit import audit
from orion_core.services.passwords import check_strength, hash_password, verify_password
from orion_tenancy.exceptions import CannotChangeSelf, EmailTaken, SignInRefused
from orion_tenancy.models import Credential, User
from orion_tenancy.schemas import ProfileInput, UserInput
from orion_tenancy.services.listing import Key, take
from orion_tenancy.services.records import add_unique, get, get_locked, present_actor
from orion_tenancy.services.sessions import revoke_sessions


def create_user(session: Session, given: UserInput) -> User:
    check_strength(given.password, given.email)
    user = User(**given.model_dump(exclude={"password"}))
    add_unique(session, user, EmailTaken(errors={"email": EmailTaken.title}))
    session.add(Credential(user_id=user.id, password_hash=hash_password(given.password)))
    audit(session, "tenancy.create_user", user, email=user.email, is_platform_admin=user.is_platform_admin)
    return user


def get_user(session: Session, user_id: UUID) -> User:
    return get(session, User, user_id)


def find_user(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def list_users(
    session: Session, *, text: str = "", after: Key | None = None, limit: int = 20
) -> tuple[list[User], Key | None]:
    statement = select(User)
    if text:
        statement = statement.where(
            or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        )
    return take(session, statement, User, after=after, limit=limit)


def set_active(session: Session, user_id: UUID, *, active: bool) -> User:
    """Let a user in or keep him out; deactivation ends his sessions."""
    user = get_locked(session, User, user_id)
    if user.id == present_actor().id:
        raise CannotChangeSelf
    user.is_active = active
    if not active:
        revoke_sessions(session, user)
    audit(session, "tenancy.activate_user" if active else "tenancy.deactivate_user", user)
    return user


def change_profile(session: Session, user_id: UUID, given: ProfileInput) -> User:
    user = get_locked(session, User, user_id)
    user.name, user.locale = given.name, given.locale
    audit(session, "tenancy.change_profile", user, name=given.name, locale=given.locale)
    return user


def change_password(session: Session, user_id: UUID, current: str, password: str, *, session_id: UUID | None) -> None:
    """Replace one's own password; all other sessions end."""
    user = get_locked(session, User, user_id)
    credential = get(session, Credential, user_id)
    if not verify_password(current, credential.password_hash):
        raise SignInRefused("The present password is wrong")
    set_password(session, user, password)
    revoke_sessions(session, user, keep=session_id)


def reset_password(session: Session, user_id: UUID, password: str) -> User:
    """Give a user a new password on somebody else's word; all sessions end."""
    user = get_locked(session, User, user_id)
    set_password(session, user, password)
    revoke_sessions(session, user)
    return user


def set_password(session: Session, user: User, password: str) -> None:
    check_strength(password, user.email)
    session.merge(Credential(user_id=user.id, password_hash=hash_password(password)))
    audit(session, "tenancy.set_password", user)
