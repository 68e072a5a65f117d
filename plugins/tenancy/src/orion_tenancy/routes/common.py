"""What the pages and API routes of this module share."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, Response

from orion_core.errors import Conflict, InvalidInput, OrionError, Unauthenticated
from orion_core.runtime import current_runtime
from orion_core.web import Page, Submitted, render
from orion_core.web.paging import encode_cursor
from orion_tenancy.services.listing import Key

FORM_ERRORS = (InvalidInput, Conflict)
"""What a form is shown again for."""


def _(message: str) -> str:
    """Return a text in the reader's language."""
    environment = current_runtime().templates
    return str(environment.filters["t"](message)) if environment else message


def show_again(
    request: Request, template: str, form: Submitted[Any], error: OrionError, **variables: Any
) -> HTMLResponse:
    """Return the form with what was typed and what is wrong with it."""
    errors = {**form.errors, **error.fields.get("errors", {})} or {"": error.detail}
    shown = {name: _(text) for name, text in errors.items()}
    return render(request, template, status=error.status, values=form.values, errors=shown, **variables)


def next_cursor(key: Key | None) -> str | None:
    return encode_cursor(*key) if key is not None else None


def page_of(model: type[BaseModel], found: tuple[list[Any], Key | None]) -> Page[Any]:
    rows, key = found
    return Page(items=[model.model_validate(row) for row in rows], next_cursor=next_cursor(key))


def tag(response: Response, record: Any) -> Any:
    """Give an answer the record's version as its ETag and return the record."""
    response.headers["ETag"] = f'"{record.version}"'
    return record


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


def client_address(request: Request) -> str:
    return request.client.host if request.client else ""


def user_id_of(context: Any) -> UUID:
    """Return the id of the person who is signed in; an API key is nobody."""
    actor = context.actor
    if actor is None or actor.kind != "user" or actor.id is None:
        raise Unauthenticated("this page is for people; sign in with a password")
    return UUID(str(actor.id))
