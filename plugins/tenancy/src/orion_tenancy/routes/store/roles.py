"""A store's pages of its roles."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

from orion_core.errors import Conflict, PermissionDenied
from orion_core.web import FORM_ERRORS, Router, SessionDep, Submitted, redirect, render, requires, show_again, submitted
from orion_core.web import translate as _
from orion_tenancy.schemas import RoleInput
from orion_tenancy.services.modules import installed
from orion_tenancy.services.roles import (
    PRESETS,
    create_role,
    edit_role,
    get_role,
    list_roles,
    offered_permissions,
    permissions_of,
    remove_role,
)

router = Router(prefix="/team/roles")
guard = requires("tenancy.manage_roles")
FORM = "tenancy/store/role_form.html"


class RoleForm(RoleInput):
    version: int


@router.get("", dependencies=[guard])
def show_list(request: Request, session: SessionDep) -> Any:
    roles = [(role, len(permissions_of(role.code, role.permissions))) for role in list_roles(session)]
    return render(request, "tenancy/store/roles.html", roles=roles, presets=PRESETS)


@router.get("/new", dependencies=[guard])
def show_new(request: Request) -> Any:
    return render(request, FORM, role=None, values={}, errors={}, **_offer())


@router.post("/new", dependencies=[guard])
def create(request: Request, session: SessionDep, form: Annotated[Submitted[RoleInput], submitted(RoleInput)]) -> Any:
    try:
        create_role(session, form.data)
    except (*FORM_ERRORS, PermissionDenied) as error:
        return show_again(request, FORM, form, error, role=None, **_offer())
    return redirect("/team/roles", _("The role was created."))


@router.get("/{role_id}", dependencies=[guard])
def show(request: Request, session: SessionDep, role_id: UUID) -> Any:
    role = get_role(session, role_id)
    values = {
        "name": role.name,
        "permissions": permissions_of(role.code, role.permissions),
        "version": role.version,
    }
    return render(request, FORM, role=role, values=values, errors={}, **_offer())


@router.post("/{role_id}", dependencies=[guard])
def edit(
    request: Request,
    session: SessionDep,
    role_id: UUID,
    form: Annotated[Submitted[RoleForm], submitted(RoleForm)],
) -> Any:
    try:
        given = RoleInput(**form.data.model_dump(exclude={"version"}))
        edit_role(session, role_id, given, form.data.version)
    except (*FORM_ERRORS, PermissionDenied) as error:
        return show_again(request, FORM, form, error, role=get_role(session, role_id), **_offer())
    return redirect("/team/roles", _("The role was saved."))


@router.post("/{role_id}/remove", dependencies=[guard])
def remove(session: SessionDep, role_id: UUID) -> Any:
    try:
        remove_role(session, role_id)
    except Conflict as error:
        return redirect("/team/roles", _(error.detail), level="danger")
    return redirect("/team/roles", _("The role was removed."))


def _offer() -> dict[str, Any]:
    titles = {name: definition.title for name, definition in installed().items()}
    return {"groups": [(titles.get(name, name), items) for name, items in offered_permissions().items()]}
