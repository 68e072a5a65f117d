"""What pages and API of accounts share: the caller, and the session's cookie."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from orion_core.context import current_context
from orion_core.errors import Unauthenticated
from orion_customers.services.accounts import Caller, SignedIn
from orion_customers.services.authenticator import COOKIE


def customer_id() -> UUID:
    """Return the id of the customer who is signed in."""
    actor = current_context().actor
    if actor is None or actor.id is None or actor.kind != "customer":
        raise Unauthenticated
    return actor.id


def caller(request: Request) -> Caller:
    """Return where a request comes from."""
    return Caller(
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        token=request.cookies.get(COOKIE, ""),
    )


def keep_session(request: Request, response: Response, signed_in: SignedIn) -> Any:
    """Have the browser keep a session, for this shop only."""
    response.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=signed_in.seconds,
        path=cookie_path(),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def cookie_path() -> str:
    """Return the path of this shop's cookies; on its own domain, all of it."""
    return current_context().base_path or "/"


def inside(path: str | None) -> str:
    """Return a path of this shop to lead on to; its account for any other."""
    base = current_context().base_path
    if path and path.startswith(f"{base}/") and not path.startswith("//") and "\\" not in path:
        return path.removeprefix(base)
    return "/account"
