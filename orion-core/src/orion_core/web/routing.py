"""The router of modules: each request runs as one unit of work, committed before the response is sent."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session


class UnitOfWorkRoute(APIRoute):
    """A route whose session commits when its function returns and rolls back when it raises.

    The function runs in a worker thread; so does the commit, which saves a change of thread. A function that
    answers a client error by returning (a form shown again) must not have changed anything.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, _as_unit_of_work(endpoint), **kwargs)


def _as_unit_of_work(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint) or hasattr(endpoint, "__wrapped__"):
        return endpoint

    @functools.wraps(endpoint)
    def run(**arguments: Any) -> Any:
        sessions = [value for value in arguments.values() if isinstance(value, Session)]
        try:
            answer = endpoint(**arguments)
            for session in sessions:
                session.commit()
        finally:
            for session in sessions:
                session.close()
        return answer

    return run


class Router(APIRouter):
    """What a module's routes are declared on; otherwise an ordinary ``APIRouter``.

    Args:
        prefix: Path prefix of all its routes.
        kwargs: As for ``fastapi.APIRouter``.
    """

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("route_class", UnitOfWorkRoute)
        super().__init__(prefix=prefix, **kwargs)
