"""The platform's own pages: its front with the open shops, and joining a team by invitation."""

from typing import Annotated, Any

from fastapi import Request

from orion_core.errors import TooManyRequests
from orion_core.services.limiter import LoginLimiter
from orion_core.web import (
    FORM_ERRORS,
    ContextDep,
    PlatformSessionDep,
    Router,
    Submitted,
    public,
    redirect,
    render,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.exceptions import SignInRefused
from orion_tenancy.routes.common import client_address
from orion_tenancy.schemas import JoinInput
from orion_tenancy.services.invitations import accept_invitation, find_invitation
from orion_tenancy.services.places import list_open_shops
from orion_tenancy.services.sign_in import Caller

JoinForm = Annotated[Submitted[JoinInput], submitted(JoinInput)]


router = Router()


@router.get("/", dependencies=[public])
def front(request: Request, session: PlatformSessionDep, context: ContextDep) -> Any:
    return render(request, "tenancy/front.html", shops=list_open_shops(session, context.platform_id))


def join_router(limiter: LoginLimiter) -> Router:
    """Return the page of an invitation; a store's own domain serves it below its staff area."""
    router = Router()

    @router.get("/invitations/{token}", dependencies=[public])
    def show(request: Request, session: PlatformSessionDep, token: str) -> Any:
        invitation, store, known = find_invitation(session, token)
        variables: dict[str, Any] = {"invitation": invitation, "store": store, "known": known}
        return render(request, "tenancy/join.html", values={}, errors={}, **variables)

    @router.post("/invitations/{token}", dependencies=[public])
    def join(request: Request, session: PlatformSessionDep, token: str, form: JoinForm) -> Any:
        invitation, store, known = find_invitation(session, token)
        caller = Caller(ip=client_address(request))
        try:
            accept_invitation(session, token, form.data, caller, limiter)
        except (*FORM_ERRORS, SignInRefused, TooManyRequests) as error:
            variables: dict[str, Any] = {"invitation": invitation, "store": store, "known": known}
            return show_again(request, "tenancy/join.html", form, error, **variables)
        return redirect("/login", _("Welcome to the team. Please sign in."))

    return router
