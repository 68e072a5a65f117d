"""Signing in and out: one page for all staff, on the platform's site and on a store's own domain."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse

from orion_core.errors import TooManyRequests
from orion_core.services.limiter import LoginLimiter
from orion_core.web import PlatformSessionDep, Router, Submitted, flash, public, redirect, render, submitted
from orion_core.web import translate as _
from orion_tenancy.exceptions import SignInRefused
from orion_tenancy.routes.common import client_address
from orion_tenancy.schemas import SignInInput
from orion_tenancy.services.authenticator import COOKIE
from orion_tenancy.services.places import list_places, local_path
from orion_tenancy.services.sessions import revoke_token
from orion_tenancy.services.sign_in import Caller, sign_in

SignInForm = Annotated[Submitted[SignInInput], submitted(SignInInput)]


def sign_in_router(limiter: LoginLimiter) -> Router:
    """Return the routes ``/login`` and ``/logout``; all of them share one limiter."""
    router = Router()

    @router.get("/login", dependencies=[public])
    def show(request: Request, next: str = "") -> Any:  # noqa: A002  the name in the address
        return render(request, "tenancy/login.html", next=local_path(next) or "", email="", problem="")

    @router.post("/login", dependencies=[public])
    def enter(request: Request, session: PlatformSessionDep, form: SignInForm) -> Any:
        given = form.model or SignInInput(email="", password="")
        asked = {"next": local_path(given.next) or "", "email": form.values.get("email", "")}
        caller = Caller(
            ip=client_address(request),
            user_agent=request.headers.get("user-agent", ""),
            token=request.cookies.get(COOKIE, ""),
        )
        try:
            signed_in = sign_in(session, given.email, given.password, caller, limiter)
        except (SignInRefused, TooManyRequests) as error:
            page = render(request, "tenancy/login.html", status=error.status, problem=_(error.title), **asked)
            if isinstance(error, TooManyRequests):
                page.headers["Retry-After"] = str(error.retry_after)
            return page
        response = _lead_on(session, signed_in.user_id, asked["next"])
        response.set_cookie(
            COOKIE,
            signed_in.token,
            max_age=signed_in.seconds,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/logout", dependencies=[public])
    def leave(request: Request, session: PlatformSessionDep) -> Any:
        token = request.cookies.get(COOKIE, "")
        if token:
            revoke_token(session, token)
        response = redirect("/login", _("You are signed out."))
        response.delete_cookie(COOKIE, path="/")
        return response

    return router


def _lead_on(session: Any, user_id: UUID, wanted: str) -> RedirectResponse:
    """Lead to the page that was asked for, else to the first place the user may enter."""
    if wanted:
        return RedirectResponse(wanted, status_code=303)
    places = list_places(session, user_id)
    response = RedirectResponse(places[0].path if places else "/", status_code=303)
    if not places:
        flash(response, _("You are signed in, but nobody has given you access to a shop yet."), level="warning")
    return response
