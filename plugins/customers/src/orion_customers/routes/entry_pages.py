"""The shop's pages for those who are not signed in: register, sign in, forgotten password, mailed links."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel

from orion_core.errors import OrionError, TooManyRequests
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import WeakPassword
from orion_core.web import Router, SessionDep, Submitted, public, redirect, render, show_again, submitted
from orion_core.web import translate as _
from orion_customers.exceptions import LinkExpired, SignInRefused
from orion_customers.routes.common import caller, cookie_path, inside, keep_session
from orion_customers.schemas import ForgotInput, NewPasswordInput, RegisterInput, SignInInput
from orion_customers.services import accounts
from orion_customers.services.authenticator import COOKIE
from orion_customers.services.sessions import end_session

RegisterForm = Annotated[Submitted[RegisterInput], submitted(RegisterInput)]
SignInForm = Annotated[Submitted[SignInInput], submitted(SignInInput)]
ForgotForm = Annotated[Submitted[ForgotInput], submitted(ForgotInput)]
NewPasswordForm = Annotated[Submitted[NewPasswordInput], submitted(NewPasswordInput)]


class TokenInput(BaseModel):
    token: str = ""


TokenForm = Annotated[Submitted[TokenInput], submitted(TokenInput)]

REGISTER, LOGIN = "customers/shop/register.html", "customers/shop/login.html"
FORGOT, RESET, VERIFY = "customers/shop/forgot.html", "customers/shop/reset.html", "customers/shop/verify.html"


router = Router(prefix="/account")


@router.get("/register", dependencies=[public])
def show_register(request: Request) -> Any:
    return render(request, REGISTER, values={}, errors={})


@router.post("/register", dependencies=[public])
def register(request: Request, session: SessionDep, form: RegisterForm) -> Any:
    try:
        accounts.register(session, form.data)
    except OrionError as error:
        session.rollback()
        return show_again(request, REGISTER, form, error)
    return redirect("/account/login", _("We have sent a mail to this address; its link opens your account."))


@router.get("/verify", dependencies=[public])
def show_verify(request: Request, token: str = "") -> Any:
    # A program that looks at links in mails must not use them up: the button does.
    return render(request, VERIFY, token=token)


@router.post("/verify", dependencies=[public])
def verify(request: Request, session: SessionDep, form: TokenForm) -> Any:
    try:
        signed_in = accounts.verify_email(session, form.data.token, caller(request).user_agent)
    except (LinkExpired, SignInRefused) as error:
        session.rollback()
        return redirect("/account/forgot", _(error.title), level="warning")
    return keep_session(request, redirect("/account", _("Your address is confirmed. Welcome!")), signed_in)


@router.post("/logout", dependencies=[public])
def logout(request: Request, session: SessionDep) -> Any:
    end_session(session, request.cookies.get(COOKIE, ""))
    response = redirect("/", _("You are signed out."))
    response.delete_cookie(COOKIE, path=cookie_path())
    return response


@router.get("/forgot", dependencies=[public])
def show_forgot(request: Request) -> Any:
    return render(request, FORGOT, values={}, errors={})


@router.post("/forgot", dependencies=[public])
def forgot(request: Request, session: SessionDep, form: ForgotForm) -> Any:
    if form.model is None:
        return show_again(request, FORGOT, form)
    accounts.forgot_password(session, form.model.email)
    return redirect("/account/login", _("If there is an account of this address, a mail with a link is on its way."))


@router.get("/reset", dependencies=[public])
def show_reset(request: Request, token: str = "") -> Any:
    return render(request, RESET, values={"token": token}, errors={})


@router.post("/reset", dependencies=[public])
def reset(request: Request, session: SessionDep, form: NewPasswordForm) -> Any:
    try:
        given = form.data
        signed_in = accounts.reset_password(session, given.token, given.password, caller(request).user_agent)
    except WeakPassword as error:
        session.rollback()
        return show_again(request, RESET, form, error)
    except (LinkExpired, SignInRefused) as error:
        session.rollback()
        return redirect("/account/forgot", _(error.title), level="warning")
    return keep_session(request, redirect("/account", _("Your password is set.")), signed_in)


def login_pages(limiter: LoginLimiter) -> Router:
    """Return the routes of the sign-in page; attempts are counted by ``limiter``."""
    router = Router(prefix="/account")

    @router.get("/login", dependencies=[public])
    def show_login(request: Request, next: str = "") -> Any:  # noqa: A002  the name in the address
        return render(request, LOGIN, next=next, email="", problem="")

    @router.post("/login", dependencies=[public])
    def login(request: Request, session: SessionDep, form: SignInForm) -> Any:
        given = form.model or SignInInput()
        try:
            signed_in = accounts.sign_in(session, given.email, given.password, caller(request), limiter)
        except (SignInRefused, TooManyRequests) as error:
            session.rollback()
            shown = {"next": given.next, "email": given.email, "problem": _(error.title)}
            page = render(request, LOGIN, status=error.status, **shown)
            if isinstance(error, TooManyRequests):
                page.headers["Retry-After"] = str(error.retry_after)
            return page
        return keep_session(request, redirect(inside(given.next)), signed_in)

    return router
