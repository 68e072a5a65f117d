"""Admin pages of platforms."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

from orion_core.web import (
    FORM_ERRORS,
    PlatformSessionDep,
    Router,
    Submitted,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.schemas import PlatformChange, PlatformInput
from orion_tenancy.services.platforms import create_platform, edit_platform, get_platform, list_platforms

router = Router()
guard = requires("tenancy.manage_platforms")
FORM = "tenancy/admin/platform_form.html"


class PlatformForm(PlatformChange):
    version: int


@router.get("/platforms", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep) -> Any:
    return render(request, "tenancy/admin/platforms.html", platforms=list_platforms(session)[0])


@router.get("/platforms/new", dependencies=[guard])
def show_new(request: Request) -> Any:
    values = {"is_active": True, "locale": "en", "currency": "EUR"}
    return render(request, FORM, platform=None, values=values, errors={})


@router.post("/platforms/new", dependencies=[guard])
def create(
    request: Request,
    session: PlatformSessionDep,
    form: Annotated[Submitted[PlatformInput], submitted(PlatformInput)],
) -> Any:
    try:
        platform = create_platform(session, form.data)
    except FORM_ERRORS as error:
        return show_again(request, FORM, form, error, platform=None)
    return redirect(f"/platforms/{platform.id}", _("The platform was created."))


@router.get("/platforms/{platform_id}", dependencies=[guard])
def show(request: Request, session: PlatformSessionDep, platform_id: UUID) -> Any:
    platform = get_platform(session, platform_id)
    return render(request, FORM, platform=platform, values=vars(platform), errors={})


@router.post("/platforms/{platform_id}", dependencies=[guard])
def edit(
    request: Request,
    session: PlatformSessionDep,
    platform_id: UUID,
    form: Annotated[Submitted[PlatformForm], submitted(PlatformForm)],
) -> Any:
    try:
        given = PlatformChange(**form.data.model_dump(exclude={"version"}))
        edit_platform(session, platform_id, given, form.data.version)
    except FORM_ERRORS as error:
        return show_again(request, FORM, form, error, platform=get_platform(session, platform_id))
    return redirect(f"/platforms/{platform_id}", _("The platform was saved."))
