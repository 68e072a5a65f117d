"""The store area's JSON API of its team."""

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from orion_core.web import Router, SessionDep, VersionDep, requires
from orion_tenancy.models import Role
from orion_tenancy.routes.common import tag
from orion_tenancy.schemas import InvitationInput, InvitationOut, MemberOut, RoleChoice, RoleInput, RoleOut
from orion_tenancy.services import invitations, roles, team

router = Router(prefix="/team")
_view = [requires("tenancy.view_team")]
_manage = [requires("tenancy.manage_team")]
_roles = [requires("tenancy.manage_roles")]


class InvitationMade(InvitationOut):
    token: str
    """Part of the link to send; it is shown this once."""


class PermissionOut(BaseModel):
    module: str
    code: str
    title: str


@router.get("/members", dependencies=_view)
def list_members(session: SessionDep) -> list[MemberOut]:
    members = team.list_members(session)
    return [MemberOut.model_validate(member, from_attributes=True) for member in members]


@router.put("/members/{user_id}", status_code=204, dependencies=_manage)
def change_member_role(session: SessionDep, user_id: UUID, given: RoleChoice) -> None:
    team.change_member_role(session, user_id, given.role_id)


@router.delete("/members/{user_id}", status_code=204, dependencies=_manage)
def remove_member(session: SessionDep, user_id: UUID) -> None:
    team.remove_member(session, user_id)


@router.get("/invitations", dependencies=_manage)
def list_invitations(session: SessionDep) -> list[InvitationOut]:
    return [InvitationOut.model_validate(row) for row in invitations.list_invitations(session)]


@router.post("/invitations", status_code=201, dependencies=_manage)
def invite(session: SessionDep, given: InvitationInput) -> InvitationMade:
    invitation, token = invitations.invite(session, given)
    return InvitationMade(
        id=invitation.id,
        email=invitation.email,
        role_id=invitation.role_id,
        expires_at=invitation.expires_at,
        token=token,
    )


@router.delete("/invitations/{invitation_id}", status_code=204, dependencies=_manage)
def withdraw_invitation(session: SessionDep, invitation_id: UUID) -> None:
    invitations.withdraw_invitation(session, invitation_id)


@router.get("/permissions", dependencies=_roles)
def list_permissions() -> list[PermissionOut]:
    return [
        PermissionOut(module=module, code=item.code, title=item.title)
        for module, items in roles.offered_permissions().items()
        for item in items
    ]


@router.get("/roles", dependencies=_roles)
def list_roles(session: SessionDep) -> list[RoleOut]:
    return [_shown(role) for role in roles.list_roles(session)]


@router.post("/roles", status_code=201, dependencies=_roles)
def create_role(session: SessionDep, given: RoleInput, response: Response) -> RoleOut:
    return _shown(tag(response, roles.create_role(session, given)))


@router.put("/roles/{role_id}", dependencies=_roles)
def edit_role(session: SessionDep, role_id: UUID, given: RoleInput, version: VersionDep, response: Response) -> RoleOut:
    return _shown(tag(response, roles.edit_role(session, role_id, given, version)))


@router.delete("/roles/{role_id}", status_code=204, dependencies=_roles)
def remove_role(session: SessionDep, role_id: UUID) -> None:
    roles.remove_role(session, role_id)


def _shown(role: Role) -> RoleOut:
    return RoleOut(
        id=role.id,
        code=role.code,
        name=role.name,
        is_preset=role.is_preset,
        permissions=sorted(roles.permissions_of(role.code, role.permissions)),
        version=role.version,
    )
