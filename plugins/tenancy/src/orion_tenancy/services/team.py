"""A store's team: members with their roles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.errors import NotFound
from orion_core.services.audit import audit
from orion_tenancy.exceptions import AlreadyMember, CannotChangeSelf
from orion_tenancy.models import Membership, Role, User
from orion_tenancy.services.records import add_unique, present_actor
from orion_tenancy.services.roles import get_role, permissions_of, refuse_beyond_own


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    user_id: UUID
    name: str
    email: str
    is_active: bool
    role_id: UUID
    role: str


def list_members(session: Session) -> list[Member]:
    statement = (
        select(User.id, User.name, User.email, User.is_active, Role.id, Role.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, (Role.store_id == Membership.store_id) & (Role.id == Membership.role_id))
        .where(Membership.store_id == current_context().store_id)
        .order_by(User.name, User.id)
    )
    return [
        Member(user_id=user_id, name=name, email=email, is_active=active, role_id=role_id, role=role)
        for user_id, name, email, active, role_id, role in session.execute(statement)
    ]


def add_member(session: Session, user: User, role: Role) -> Membership:
    """Let a user into the store of the role."""
    membership = Membership(store_id=role.store_id, user_id=user.id, role_id=role.id)
    add_unique(session, membership, AlreadyMember())
    audit(session, "tenancy.add_member", membership, user=user.email, role=role.code)
    return membership


def change_member_role(session: Session, user_id: UUID, role_id: UUID) -> None:
    membership = _changeable(session, user_id)
    role = get_role(session, role_id)
    refuse_beyond_own(permissions_of(role.code, role.permissions))
    membership.role_id = role.id
    audit(session, "tenancy.change_member_role", membership, user=str(user_id), role=role.code)


def remove_member(session: Session, user_id: UUID) -> None:
    membership = _changeable(session, user_id)
    audit(session, "tenancy.remove_member", membership, user=str(user_id))
    session.delete(membership)


def _changeable(session: Session, user_id: UUID) -> Membership:
    """Return a membership whose holder the present actor may change: not himself, nobody with more rights."""
    if user_id == present_actor().id:
        raise CannotChangeSelf
    statement = select(Membership).filter_by(store_id=current_context().store_id, user_id=user_id)
    membership = session.scalars(statement.with_for_update()).one_or_none()
    if membership is None:
        raise NotFound("there is no such member in this team")
    role = get_role(session, membership.role_id)
    refuse_beyond_own(permissions_of(role.code, role.permissions))
    return membership
