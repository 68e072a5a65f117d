"""A member of staff's own account, reached from every staff area."""

from typing import Annotated, Any

from fastapi import Request

from orion_core.web import (
    FORM_ERRORS,
    ContextDep,
    PlatformSessionDep,
    Router,
    Submitted,
    redirect,
    render,
    show_again,
    signed_in,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.exceptions import SignInRefused
from orion_tenancy.routes.common import user_id_of
from orion_tenancy.schemas import PasswordInput, ProfileInput
from orion_tenancy.services.places import list_places
from orion_tenancy.services.users import change_password, change_profile, get_user

PAGE = "tenancy/account.html"


def account_router() -> Router:
    """Return the routes below ``/account``, for each staff area its own."""
    router = Router()

    @router.get("/account", dependencies=[signed_in])
    def show(request: Request, session: PlatformSessionDep, context: ContextDep) -> Any:
        return render(request, PAGE, errors={}, **_variables(session, context))

    @router.post("/account", dependencies=[signed_in])
    def change(
        request: Request,
        session: PlatformSessionDep,
        context: ContextDep,
        form: Annotated[Submitted[ProfileInput], submitted(ProfileInput)],
    ) -> Any:
        try:
            change_profile(session, user_id_of(context), form.data)
        except FORM_ERRORS as error:
            return show_again(request, PAGE, form, error, **_variables(session, context))
        return redirect("/account", _("Your account was saved."))

    @router.post("/account/password", dependencies=[signed_in])
    def change_secret(
        request: Request,
        session: PlatformSessionDep,
        context: ContextDep,
        form: Annotated[Submitted[PasswordInput], submitted(PasswordInput)],
    ) -> Any:
        try:
            change_password(
                session,
                user_id_of(context),
                form.data.current,
                form.data.password,
                session_id=context.actor.session_id if context.actor else None,
            )
        except (*FORM_ERRORS, SignInRefused) as error:
            return show_again(request, PAGE, form, error, **_variables(session, context))
        return redirect("/account", _("Your password was changed. Your other sessions have ended."))

    return router


def _variables(session: Any, context: Any) -> dict[str, Any]:
    user_id = user_id_of(context)
    return {"user": get_user(session, user_id), "places": list_places(session, user_id)}
