"""The cookie by which a browser keeps its cart; pages and API share it."""

from fastapi import Request, Response
from sqlalchemy.orm import Session

from orion_core.services.settings import get_settings
from orion_orders.config import OrdersConfig
from orion_orders.services.shopping import cookie_name


def token_of(request: Request) -> str | None:
    """Return the token of the browser's cart; a program sends it as ``X-Cart-Token``."""
    return request.headers.get("X-Cart-Token") or request.cookies.get(cookie_name())


def keep_token(session: Session, request: Request, response: Response, token: str) -> None:
    """Have the browser keep a new cart."""
    days = get_settings(session, OrdersConfig).cart_days
    response.set_cookie(
        cookie_name(),
        token,
        max_age=days * 86_400,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
