"""Pages: rendered with the one Jinja environment; redirects that carry a message to the next page."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from orion_core.context import current_context
from orion_core.runtime import current_runtime

FLASH_COOKIE = "orion_flash"


def render(request: Request, template: str, /, *, status: int = 200, **variables: Any) -> HTMLResponse:
    """Return a page.

    Args:
        request: The request it answers.
        template: Template name, ``catalog/products.html``.
        status: HTTP status; 422 for a form shown again with errors.
        variables: What the template uses besides what every page has (``page``, ``link``, ``static``, ``_``).
    """
    environment = current_runtime().environment()
    describe: Callable[..., dict[str, Any]] = environment.globals["page_context"]  # type: ignore[assignment]
    html = environment.get_template(template).render({**describe(request), **variables})
    response = HTMLResponse(html, status_code=status)
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, path="/")
    return response


def translate(message: str) -> str:
    """Return a text in the reader's language, for messages made in Python; a process without pages keeps it.

    Args:
        message: A message id of some module's catalogue.
    """
    environment = current_runtime().templates
    return str(environment.filters["t"](message)) if environment else message


def link(path: str) -> str:
    """Return the address of a path inside the current area.

    Args:
        path: Such as ``/products``; it starts with a slash.
    """
    return current_context().base_path + path


def redirect(path: str, message: str | None = None, *, level: str = "success") -> RedirectResponse:
    """Lead the browser to a path of the current area (303, so that it asks with GET).

    Args:
        path: Path inside the area.
        message: Text to show there once.
        level: ``success``, ``info``, ``warning`` or ``danger``.
    """
    response = RedirectResponse(link(path), status_code=303)
    if message:
        flash(response, message, level=level)
    return response


def flash(response: Any, message: str, *, level: str = "success") -> None:
    """Have the next page show a message once.

    Args:
        response: The response that leads to that page.
        message: Plain text, already translated.
        level: ``success``, ``info``, ``warning`` or ``danger``.
    """
    value = quote(json.dumps([level, message]))
    response.set_cookie(FLASH_COOKIE, value, max_age=60, path="/", httponly=True, samesite="lax")


def read_flash(request: Request) -> list[tuple[str, str]]:
    """Return the messages the page before left, as pairs of level and text."""
    raw = request.cookies.get(FLASH_COOKIE)
    if not raw:
        return []
    try:
        level, message = json.loads(unquote(raw))
    except ValueError:
        return []
    return [(str(level), str(message))]
