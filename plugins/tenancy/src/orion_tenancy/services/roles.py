"""Roles of a store: five presets that follow the installed modules until changed, and own ones."""

import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core import Area, Permission
from orion_core.context import current_context
from orion_core.errors import Conflict, InvalidInput
from orion_core.runtime import current_runtime
from orion_core.services.audit import audit
from orion_tenancy.exceptions import CannotGrant, CodeTaken, RoleInUse
from orion_tenancy.models import Invitation, Membership, Role
from orion_tenancy.schemas import RoleInput
from orion_tenancy.services.records import add_unique, get, get_locked, present_actor

PRESETS = {
    "manager": "Manager",
    "staff": "Staff",
    "support": "Support",
    "viewer": "Viewer",
    "marketing": "Marketing",
}


def permissions_in(*areas: Area) -> list[tuple[str, Permission]]:
    """Return the installed modules' permissions for these areas, also of modules that are off."""
    found = current_runtime().assembly.contributions("orion_permissions")
    return [(module, permission) for module, permission in found if permission.area in areas]


def offered_permissions() -> dict[str, list[Permission]]:
    """Return what a role here can be given, by module, without modules that are off."""
    offered: dict[str, list[Permission]] = {}
    for module, permission in permissions_in(Area.STORE):
        if current_context().module_is_on(module):
            offered.setdefault(module, []).append(permission)
    return offered


def preset_permissions(code: str) -> frozenset[str]:
    found = permissions_in(Area.STORE)
    return frozenset(item.code for _, item in found if code == "manager" or code in item.presets)


def permissions_of(code: str, permissions: Iterable[str] | None) -> frozenset[str]:
    """Return what a role with this code and this list of its own grants now."""
    return preset_permissions(code) if permissions is None else frozenset(permissions)


def add_preset_roles(session: Session) -> None:
    """Give the store of the present context its five roles."""
    session.add_all(Role(code=code, name=name, permissions=None) for code, name in PRESETS.items())


def list_roles(session: Session) -> list[Role]:
    return list(session.scalars(select(Role).filter_by(store_id=current_context().store_id).order_by(Role.name)))


def get_role(session: Session, role_id: UUID) -> Role:
    return get(session, Role, (current_context().store_id, role_id))


def create_role(session: Session, given: RoleInput) -> Role:
    permissions = _grantable(given.permissions)
    code = re.sub(r"[^a-z0-9]+", "-", given.name.lower()).strip("-") or "role"
    role = Role(code=code, name=given.name, permissions=permissions)
    add_unique(session, role, CodeTaken(errors={"name": "There is already a role with this name"}))
    audit(session, "tenancy.create_role", role, name=given.name, permissions=permissions)
    return role


def edit_role(session: Session, role_id: UUID, given: RoleInput, version: int | None) -> Role:
    """Change a role; what its editor is not offered stays. A preset then keeps the list given here."""
    role = get_locked(session, Role, (current_context().store_id, role_id), version)
    present = permissions_of(role.code, role.permissions)
    refuse_beyond_own(present)
    offered = {permission.code for group in offered_permissions().values() for permission in group}
    permissions = _grantable([*given.permissions, *(present - offered)])
    if permissions != sorted(present):
        role.permissions = permissions
    role.name = given.name
    audit(session, "tenancy.edit_role", role, name=given.name, permissions=permissions)
    return role


def remove_role(session: Session, role_id: UUID) -> None:
    role = get_locked(session, Role, (current_context().store_id, role_id))
    if role.code in PRESETS:
        raise Conflict("the five preset roles stay; take permissions from it instead")
    for model in (Membership, Invitation):
        if session.scalar(select(func.count()).select_from(model).filter_by(role_id=role_id)):
            raise RoleInUse
    audit(session, "tenancy.remove_role", role, name=role.name)
    session.delete(role)


def refuse_beyond_own(permissions: Iterable[str]) -> None:
    """Raise ``CannotGrant`` if the present actor does not hold all of these."""
    actor = present_actor()
    if actor.kind == "system":
        return
    missing = sorted(code for code in permissions if not actor.may(code))
    if missing:
        raise CannotGrant(f"{CannotGrant.title}: {', '.join(missing)}")


def _grantable(permissions: list[str]) -> list[str]:
    known = {permission.code for _, permission in permissions_in(Area.STORE)}
    unknown = sorted(set(permissions) - known)
    if unknown:
        raise InvalidInput(errors={"permissions": f"There is no permission {', '.join(unknown)}"})
    refuse_beyond_own(permissions)
    return sorted(set(permissions))
