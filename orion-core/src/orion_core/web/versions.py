"""ETags: which version of a record a caller has seen, and which one it gets."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from orion_core.errors import InvalidInput

_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def set_etag(response: Response, version: int) -> None:
    """Give an answer the version of the record in it.

    Args:
        response: The answer.
        version: The record's version.
    """
    response.headers["ETag"] = f'"{version}"'


async def _if_match(
    if_match: Annotated[str | None, Header(description="ETag of the version you have seen")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise InvalidInput("If-Match must be an ETag of this API")
    return int(found[1])


VersionDep = Annotated[int | None, Depends(_if_match)]
"""The version named in ``If-Match``, if any; compare it and raise ``StaleVersion``."""
