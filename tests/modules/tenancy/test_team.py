"""Roles, members and invitations of a store; nobody gives away more than he has."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from orion_core.context import Actor, RequestContext, Tenant, use_context
from orion_core.errors import Conflict, InvalidInput, NotFound, StaleVersion
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import WeakPassword
from orion_tenancy.exceptions import (
    AlreadyMember,
    CannotChangeSelf,
    CannotGrant,
    InvitationInvalid,
    RoleInUse,
    SignInRefused,
)
from orion_tenancy.models import Role, Store, User
from orion_tenancy.schemas import InvitationInput, JoinInput, RoleInput
from orion_tenancy.services.invitations import (
    accept_invitation,
    expire_invitations,
    find_invitation,
    invite,
    list_invitations,
    withdraw_invitation,
)
from orion_tenancy.services.roles import (
    PRESETS,
    create_role,
    edit_role,
    list_roles,
    permissions_of,
    preset_permissions,
    remove_role,
)
from orion_tenancy.services.scopes import store_tenant
from orion_tenancy.services.sign_in import Caller
from orion_tenancy.services.team import add_member, change_member_role, list_members, remove_member
from tests.modules.tenancy.tenants import PASSWORD, Tenants

CALLER = Caller(ip="10.0.0.1")
TEAM, ROLES, VIEW = "tenancy.manage_team", "tenancy.manage_roles", "tenancy.view_team"


@pytest.fixture
def store(tenants: Tenants) -> Store:
    return tenants.store(tenants.merchant(tenants.platform()))


@pytest.fixture
def here(session: Session, store: Store) -> Iterator[Tenant]:
    """The store, with its manager acting."""
    tenant = store_tenant(session, store)
    permissions = preset_permissions("manager")
    with use_context(RequestContext(tenant=tenant, actor=acting(*permissions))):
        yield tenant


def acting(*permissions: str, user: User | None = None) -> Actor:
    return Actor(kind="user", id=user.id if user else None, name="Lena", permissions=frozenset(permissions))


def role(session: Session, code: str) -> Role:
    return next(role for role in list_roles(session) if role.code == code)


def as_actor(tenant: Tenant, actor: Actor) -> Any:
    return use_context(replace(RequestContext(), tenant=tenant, actor=actor))


def test_a_store_starts_with_five_roles_that_follow_the_modules(session: Session, here: Tenant) -> None:
    roles = list_roles(session)
    assert {role.code for role in roles} == set(PRESETS)
    assert all(role.is_preset for role in roles)
    assert permissions_of("manager", None) >= {TEAM, ROLES, VIEW}
    assert VIEW in permissions_of("viewer", None)
    assert TEAM not in permissions_of("viewer", None)


def test_a_changed_preset_keeps_its_own_list(session: Session, here: Tenant) -> None:
    viewer = edit_role(session, role(session, "viewer").id, RoleInput(name="Looks", permissions=[]), None)
    assert not viewer.is_preset
    assert permissions_of(viewer.code, viewer.permissions) == frozenset()


def test_renaming_alone_keeps_a_preset_following(session: Session, here: Tenant) -> None:
    given = RoleInput(name="Guest", permissions=sorted(preset_permissions("viewer")))
    assert edit_role(session, role(session, "viewer").id, given, None).is_preset


def test_nobody_grants_what_he_does_not_hold(session: Session, here: Tenant) -> None:
    with as_actor(here, acting(TEAM, ROLES)):
        with pytest.raises(CannotGrant, match=VIEW):
            create_role(session, RoleInput(name="More", permissions=[VIEW]))
        with pytest.raises(CannotGrant):
            edit_role(session, role(session, "manager").id, RoleInput(name="Less", permissions=[]), None)
        with pytest.raises(CannotGrant):
            invite(session, InvitationInput(email="x@example.com", role_id=role(session, "manager").id))


def test_permissions_outside_the_store_are_unknown_to_roles(session: Session, here: Tenant) -> None:
    with pytest.raises(InvalidInput):
        create_role(session, RoleInput(name="Boss", permissions=["tenancy.manage_platforms"]))


def test_a_role_from_an_old_version_is_not_overwritten(session: Session, here: Tenant) -> None:
    viewer = role(session, "viewer")
    with pytest.raises(StaleVersion):
        edit_role(session, viewer.id, RoleInput(name="Late"), viewer.version - 1)


def test_a_role_in_use_stays(session: Session, tenants: Tenants, here: Tenant) -> None:
    own = create_role(session, RoleInput(name="Night shift", permissions=[VIEW]))
    add_member(session, tenants.user(), own)
    with pytest.raises(RoleInUse):
        remove_role(session, own.id)
    with pytest.raises(Conflict):
        remove_role(session, role(session, "viewer").id)


def test_members_change_roles_and_leave(session: Session, tenants: Tenants, here: Tenant) -> None:
    user = tenants.user()
    add_member(session, user, role(session, "viewer"))
    change_member_role(session, user.id, role(session, "staff").id)
    assert [(member.email, member.role) for member in list_members(session)] == [(user.email, "Staff")]
    remove_member(session, user.id)
    assert list_members(session) == []
    with pytest.raises(NotFound):
        remove_member(session, user.id)


def test_nobody_is_twice_in_a_team(session: Session, tenants: Tenants, here: Tenant) -> None:
    user = tenants.user()
    add_member(session, user, role(session, "viewer"))
    with pytest.raises(AlreadyMember):
        add_member(session, user, role(session, "staff"))
    with pytest.raises(AlreadyMember):
        invite(session, InvitationInput(email=user.email, role_id=role(session, "staff").id))


def test_nobody_changes_himself_or_who_may_more(session: Session, tenants: Tenants, here: Tenant) -> None:
    lesser, greater = tenants.user("lesser@example.com"), tenants.user("greater@example.com")
    add_member(session, lesser, role(session, "viewer"))
    add_member(session, greater, role(session, "manager"))
    with as_actor(here, acting(TEAM, VIEW, user=lesser)):
        with pytest.raises(CannotChangeSelf):
            remove_member(session, lesser.id)
        with pytest.raises(CannotGrant):
            remove_member(session, greater.id)


def test_an_invited_person_joins_with_a_password(session: Session, here: Tenant) -> None:
    given = InvitationInput(email=" New@Example.com", role_id=role(session, "staff").id)
    _, token = invite(session, given)
    accept_invitation(session, token, JoinInput(name="Nora", password=PASSWORD), CALLER, LoginLimiter())
    assert [(m.name, m.email, m.role) for m in list_members(session)] == [("Nora", "new@example.com", "Staff")]
    assert list_invitations(session) == []
    with pytest.raises(InvitationInvalid):
        find_invitation(session, token)


def test_a_weak_password_leaves_the_invitation_open(session: Session, here: Tenant) -> None:
    _, token = invite(session, InvitationInput(email="n@example.com", role_id=role(session, "staff").id))
    with pytest.raises(WeakPassword):
        accept_invitation(session, token, JoinInput(password="short"), CALLER, LoginLimiter())
    assert find_invitation(session, token)[2] is False


def test_a_known_person_proves_it_with_the_password(session: Session, tenants: Tenants, here: Tenant) -> None:
    user = tenants.user("known@example.com")
    _, token = invite(session, InvitationInput(email=user.email, role_id=role(session, "staff").id))
    with pytest.raises(SignInRefused):
        accept_invitation(session, token, JoinInput(password="not the one"), CALLER, LoginLimiter())
    accept_invitation(session, token, JoinInput(password=PASSWORD), CALLER, LoginLimiter())
    assert [member.user_id for member in list_members(session)] == [user.id]


def test_inviting_again_makes_the_first_link_useless(session: Session, here: Tenant) -> None:
    given = InvitationInput(email="n@example.com", role_id=role(session, "staff").id)
    _, first = invite(session, given)
    _, second = invite(session, given)
    with pytest.raises(InvitationInvalid):
        find_invitation(session, first)
    assert find_invitation(session, second)


def test_invitations_end_by_withdrawal_and_by_time(session: Session, here: Tenant) -> None:
    staff = role(session, "staff").id
    withdrawn, first = invite(session, InvitationInput(email="a@example.com", role_id=staff))
    expired, second = invite(session, InvitationInput(email="b@example.com", role_id=staff))
    withdraw_invitation(session, withdrawn.id)
    expired.expires_at = datetime.now(UTC) - timedelta(days=31)
    session.flush()
    for token in (first, second):
        with pytest.raises(InvitationInvalid):
            find_invitation(session, token)
    assert expire_invitations(session) == 1
    assert expire_invitations(session) == 0
