"""Admin pages of staff users."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

from orion_core.web import (
    FORM_ERRORS,
    CursorDep,
    PlatformSessionDep,
    Router,
    Submitted,
    next_cursor,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.exceptions import CannotChangeSelf
from orion_tenancy.schemas import UserInput
from orion_tenancy.services.places import list_places
from orion_tenancy.services.sessions import count_sessions, revoke_sessions
from orion_tenancy.services.users import create_user, get_user, list_users, set_active

router = Router()
guard = requires("tenancy.manage_users")
FORM = "tenancy/admin/user_form.html"


@router.get("/users", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep, cursor: CursorDep, q: str = "") -> Any:
    users, key = list_users(session, text=q, after=cursor.after, limit=cursor.limit)
    query, following = dict(request.query_params), next_cursor(key) or ""
    return render(request, "tenancy/admin/users.html", users=users, query=query, next=following)


@router.get("/users/new", dependencies=[guard])
def show_new(request: Request) -> Any:
    return render(request, FORM, values={"locale": "en"}, errors={})


@router.post("/users/new", dependencies=[guard])
def create(
    request: Request,
    session: PlatformSessionDep,
    form: Annotated[Submitted[UserInput], submitted(UserInput)],
) -> Any:
    try:
        user = create_user(session, form.data)
    except FORM_ERRORS as error:
        form.values.pop("password", None)
        return show_again(request, FORM, form, error)
    return redirect(f"/users/{user.id}", _("The user was created."))


@router.get("/users/{user_id}", dependencies=[guard])
def show(request: Request, session: PlatformSessionDep, user_id: UUID) -> Any:
    user = get_user(session, user_id)
    variables: dict[str, Any] = {"places": list_places(session, user_id), "sessions": count_sessions(session, user)}
    return render(request, "tenancy/admin/user.html", user=user, **variables)


@router.post("/users/{user_id}/deactivate", dependencies=[guard])
def deactivate(session: PlatformSessionDep, user_id: UUID) -> Any:
    try:
        set_active(session, user_id, active=False)
    except CannotChangeSelf as error:
        return redirect(f"/users/{user_id}", _(error.title), level="danger")
    return redirect(f"/users/{user_id}", _("The user can no longer sign in."))


@router.post("/users/{user_id}/activate", dependencies=[guard])
def activate(session: PlatformSessionDep, user_id: UUID) -> Any:
    set_active(session, user_id, active=True)
    return redirect(f"/users/{user_id}", _("The user can sign in again."))


@router.post("/users/{user_id}/sessions/end", dependencies=[guard])
def end_sessions(session: PlatformSessionDep, user_id: UUID) -> Any:
    revoke_sessions(session, get_user(session, user_id))
    return redirect(f"/users/{user_id}", _("All sessions of this user have ended."))
