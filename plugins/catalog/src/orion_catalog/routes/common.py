"""What the pages and API routes of this module share."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from starlette.responses import HTMLResponse

from orion_core.errors import Conflict, InvalidInput, OrionError
from orion_core.runtime import current_runtime
from orion_core.web import Submitted, render
from orion_core.web.paging import encode_cursor

FORM_ERRORS = (InvalidInput, Conflict)
"""What a form is shown again for."""


def _(message: str) -> str:
    """Return a text in the reader's language."""
    environment = current_runtime().templates
    return str(environment.filters["t"](message)) if environment else message


def next_cursor(key: tuple[Any, ...] | None) -> str | None:
    return encode_cursor(*key) if key is not None else None


def show_again(
    request: Request, template: str, form: Submitted[Any], error: OrionError | None, **variables: Any
) -> HTMLResponse:
    """Return a form with what was typed and what is wrong with it."""
    found = error.fields.get("errors", {}) if error else {}
    errors = {**form.errors, **found} or {"": error.detail if error else ""}
    shown = {name: _(text) for name, text in errors.items()}
    status = error.status if error else InvalidInput.status
    return render(request, template, status=status, values=form.values, errors=shown, **variables)


def tag(response: Response, version: int) -> None:
    """Give an answer the record's version as its ETag."""
    response.headers["ETag"] = f'"{version}"'


async def _if_match(
    if_match: Annotated[str | None, Header(description="ETag of the version you have seen")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', if_match.strip())
    if found is None:
        raise InvalidInput("If-Match must be an ETag of this API")
    return int(found[1])


VersionDep = Annotated[int | None, Depends(_if_match)]
"""The version named in ``If-Match``, if any."""
