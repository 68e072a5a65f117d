"""What shoppers ask of lists, read from the query string in one go."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from orion_catalog.services.listing import Key, ListQuery
from orion_core.web.paging import MAX_LIMIT, decode_cursor
from orion_core.web.query import query

Text = Annotated[str, msgspec.Meta(max_length=200)]
Minor = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1, description="In the currency's smallest unit")]
Order = Literal["", "featured", "relevance", "newest", "price", "-price", "name", "-name"]


class Asked(msgspec.Struct, frozen=True):
    """The query parameters of a list."""

    q: Annotated[str, msgspec.Meta(max_length=200, description="Words to search for")] = ""
    category: Annotated[str, msgspec.Meta(max_length=200, description="Address of a category; those below count")] = ""
    brand: Text = ""
    min_price: Minor | None = None
    max_price: Minor | None = None
    in_stock: Annotated[bool, msgspec.Meta(description="Only what can be ordered")] = False
    sort: Order = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT, description="Products per page")] | None = None
    cursor: Annotated[str, msgspec.Meta(description="`next_cursor` of the page before")] = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A checked question: what, how many, and after which key."""

    query: ListQuery
    limit: int | None
    after: Key | None


def _asking(asked: Asked) -> Asking:
    wanted = ListQuery(
        q=asked.q.strip(),
        category=asked.category,
        brand=asked.brand,
        min_price=asked.min_price,
        max_price=asked.max_price,
        in_stock=asked.in_stock,
        sort=asked.sort,
    )
    return Asking(wanted, asked.limit, decode_cursor(asked.cursor) if asked.cursor else None)


AskingDep = Annotated[Asking, query(Asked, _asking)]
"""The list a shopper asks for."""
