"""What shoppers ask of lists, read in one go: declared parameters one by one cost more than the query itself."""

from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orion_catalog.services.listing import Key, ListQuery
from orion_core.errors import InvalidInput
from orion_core.web.paging import MAX_LIMIT, decode_cursor

Minor = Field(default=None, ge=0, le=2**31 - 1, description="In the currency's smallest unit")


class Asked(BaseModel):
    """The query parameters of a list; others are ignored."""

    model_config = ConfigDict(extra="ignore")

    q: str = Field(default="", max_length=200, description="Words to search for")
    category: str = Field(default="", max_length=200, description="Address of a category; those below count")
    brand: str = Field(default="", max_length=200)
    min_price: int | None = Minor
    max_price: int | None = Minor
    in_stock: bool = Field(default=False, description="Only what can be ordered")
    sort: Literal["", "featured", "relevance", "newest", "price", "-price", "name", "-name"] = ""
    limit: int | None = Field(default=None, ge=1, le=MAX_LIMIT, description="Products per page")
    cursor: str = Field(default="", description="`next_cursor` of the page before")


@dataclass(frozen=True, slots=True)
class Asking:
    """A checked question: what, how many, and after which key."""

    query: ListQuery
    limit: int | None
    after: Key | None


async def asking(request: Request) -> Asking:
    """Return what the query string asks for.

    Raises:
        InvalidInput: Naming the parameters that do not fit.
    """
    given = {name: value.replace("\0", "") for name, value in request.query_params.items() if value}
    try:
        asked = Asked.model_validate(given)
    except ValidationError as error:
        errors = {f"query.{item['loc'][0]}": item["msg"] for item in error.errors()}
        raise InvalidInput("; ".join(errors.values()), errors=errors) from error
    query = ListQuery(
        q=asked.q.strip(),
        category=asked.category,
        brand=asked.brand,
        min_price=asked.min_price,
        max_price=asked.max_price,
        in_stock=asked.in_stock,
        sort=asked.sort,
    )
    return Asking(query, asked.limit, decode_cursor(asked.cursor) if asked.cursor else None)


def parameters() -> dict[str, Any]:
    """Return the parameters for a route's ``openapi_extra``."""
    described = Asked.model_json_schema()["properties"]
    return {"parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in described.items()]}
