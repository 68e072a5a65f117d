"""A store's pages of its team: members and invitations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

from orion_core.errors import PermissionDenied
from orion_core.web import (
    FORM_ERRORS,
    ContextDep,
    Router,
    SessionDep,
    Submitted,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.schemas import InvitationInput, RoleChoice
from orion_tenancy.services.invitations import invite, list_invitations, withdraw_invitation
from orion_tenancy.services.roles import list_roles
from orion_tenancy.services.team import change_member_role, list_members, remove_member

router = Router()
view = requires("tenancy.view_team")
manage = requires("tenancy.manage_team")
PAGE = "tenancy/store/team.html"


@router.get("/team", dependencies=[view])
def show(request: Request, session: SessionDep, context: ContextDep) -> Any:
    return render(request, PAGE, values={}, errors={}, **_variables(session, context))


@router.post("/team/invitations", dependencies=[manage])
def send_invitation(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    form: Annotated[Submitted[InvitationInput], submitted(InvitationInput)],
) -> Any:
    try:
        invitation, token = invite(session, form.data)
    except (*FORM_ERRORS, PermissionDenied) as error:
        return show_again(request, PAGE, form, error, **_variables(session, context))
    # The root of a store's own domain is its shop; below /store the same page is served there, too.
    own = context.base_path if context.base_path == "/store" else ""
    address = str(request.url.replace(path=f"{own}/invitations/{token}", query=""))
    return render(request, "tenancy/store/invited.html", invitation=invitation, address=address)


@router.post("/team/invitations/{invitation_id}/withdraw", dependencies=[manage])
def withdraw(session: SessionDep, invitation_id: UUID) -> Any:
    withdraw_invitation(session, invitation_id)
    return redirect("/team", _("The invitation was withdrawn."))


@router.post("/team/members/{user_id}", dependencies=[manage])
def change_role(
    session: SessionDep, user_id: UUID, form: Annotated[Submitted[RoleChoice], submitted(RoleChoice)]
) -> Any:
    try:
        change_member_role(session, user_id, form.data.role_id)
    except PermissionDenied as error:
        return redirect("/team", _(error.title), level="danger")
    return redirect("/team", _("The role was changed."))


@router.post("/team/members/{user_id}/remove", dependencies=[manage])
def remove(session: SessionDep, user_id: UUID) -> Any:
    try:
        remove_member(session, user_id)
    except PermissionDenied as error:
        return redirect("/team", _(error.title), level="danger")
    return redirect("/team", _("The member was removed from the team."))


def _variables(session: Any, context: Any) -> dict[str, Any]:
    return {
        "members": list_members(session),
        "invitations": list_invitations(session),
        "roles": list_roles(session),
        "may_manage": context.actor.may("tenancy.manage_team"),
        "own_id": context.actor.id,
    }
