"""What the pages and API routes of this module share."""

from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from orion_core.errors import Unauthenticated
from orion_core.web import Page, next_cursor, set_etag
from orion_tenancy.services.listing import Key


def page_of(model: type[BaseModel], found: tuple[list[Any], Key | None]) -> Page[Any]:
    rows, key = found
    return Page(items=[model.model_validate(row) for row in rows], next_cursor=next_cursor(key))


def tag(response: Response, record: Any) -> Any:
    """Give an answer the record's version as its ETag and return the record."""
    set_etag(response, record.version)
    return record


def client_address(request: Request) -> str:
    return request.client.host if request.client else ""


def user_id_of(context: Any) -> UUID:
    """Return the id of the person who is signed in; an API key is nobody."""
    actor = context.actor
    if actor is None or actor.kind != "user" or actor.id is None:
        raise Unauthenticated("this page is for people; sign in with a password")
    return UUID(str(actor.id))
