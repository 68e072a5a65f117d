"""Errors become answers here and nowhere else: problem documents for APIs (RFC 9457), pages for people."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from orion_core import Area
from orion_core.context import current_context
from orion_core.errors import InvalidInput, OrionError, StaleVersion, TooManyRequests, Unauthenticated
from orion_core.runtime import current_runtime
from orion_core.tenants import Authenticator
from orion_core.web import render

PROBLEM = "application/problem+json"


def problem_document(error: Exception) -> dict[str, Any]:
    """Return the members of the problem document for an error.

    Args:
        error: Any exception; what is not meant for callers says only that something went wrong.
    """
    status, code, title, detail, extra = _describe(error)
    return {
        "type": f"urn:orion:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": current_context().request_id,
        **extra,
    }


def answer_error(request: Request, error: Exception, authenticators: Mapping[Area, Authenticator]) -> Response:
    """Return the response to a failed request.

    Args:
        request: The request.
        error: What went wrong.
        authenticators: Whose login page leads on when the caller has to sign in first.
    """
    problem = problem_document(error)
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if _wants_page(request):
        context = current_context()
        authenticator = authenticators.get(context.area) if context.area else None
        if isinstance(error, Unauthenticated) and authenticator is not None:
            login = authenticator.login_url(context, _original_path(request))
            return RedirectResponse(login, status_code=303)
        page = render(request, "core/error.html", status=problem["status"], problem=problem)
        page.headers.update(headers)
        return page
    if problem["status"] == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(problem, status_code=problem["status"], headers=headers, media_type=PROBLEM)


def _describe(error: Exception) -> tuple[int, str, str, str, dict[str, Any]]:
    if isinstance(error, StaleDataError):  # the version was right when it was read, and is not any more
        error = StaleVersion()
    if isinstance(error, OrionError):
        shown = error.fields if error.status < 500 else {}
        return error.status, error.code, error.title, error.detail if error.status < 500 else error.title, shown
    if isinstance(error, RequestValidationError):
        errors = {".".join(str(part) for part in item["loc"]): item["msg"] for item in error.errors()}
        return 422, InvalidInput.code, "The request is not valid", "; ".join(errors.values()), {"errors": errors}
    if isinstance(error, HTTPException):
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.status_code, "http_error")
        return error.status_code, code, error.detail, error.detail, {}
    if isinstance(error, DataError):
        # A number too large for its column, a zero byte in a text: it came with the request.
        detail = "the request holds a value that cannot be stored"
        return 422, InvalidInput.code, "The request is not valid", detail, {}
    return 500, OrionError.code, OrionError.title, OrionError.title, {}


def _wants_page(request: Request) -> bool:
    address = request.scope.get("orion.address")
    if address is not None and (address.api or address.area is None):
        return False
    return current_runtime().templates is not None and "text/html" in request.headers.get("accept", "text/html")


def _original_path(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path + query, safe="") if request.method == "GET" else ""
