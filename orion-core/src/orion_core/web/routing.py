"""The router of modules: each request runs as one unit of work, committed before the response is sent."""

import functools
import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, get_type_hints

from fastapi import APIRouter, Request, Response, params
from fastapi.routing import APIRoute

from orion_core.runtime import current_runtime
from orion_core.web.deps import opener_of
from orion_core.web.guards import Guard
from orion_core.web.query import parameters_of


class UnitOfWorkRoute(APIRoute):
    """A route that asks its guard before anything is read, and whose session commits when its function returns.

    Sessions are opened, committed and closed in the function's own thread; an exception rolls them back. A
    function that answers a client's error by returning (a form shown again) must not have changed anything.

    Guard and sessions are taken out of what FastAPI resolves: each dependency costs it some 50 microseconds.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[params.Depends] | None = None,
        **kwargs: Any,
    ) -> None:
        given = list(dependencies or ())
        self.guards = [each.dependency for each in given if isinstance(each.dependency, Guard)]
        others = [each for each in given if not isinstance(each.dependency, Guard)]
        if documented := _query_parameters(endpoint):
            extra = kwargs.get("openapi_extra") or {}
            kwargs["openapi_extra"] = {**extra, "parameters": [*extra.get("parameters", ()), *documented]}
        super().__init__(path, _as_unit_of_work(endpoint), dependencies=others, **kwargs)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        guards = self.guards

        async def guarded(request: Request) -> Response:
            for guard in guards:
                guard.check()
            return await handle(request)

        return guarded


def _query_parameters(endpoint: Callable[..., Any]) -> list[dict[str, Any]]:
    return [
        parameter
        for annotation in get_type_hints(endpoint, include_extras=True).values()
        for extra in getattr(annotation, "__metadata__", ())
        if isinstance(extra, params.Depends)
        for parameter in parameters_of(extra)
    ]


def _as_unit_of_work(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    openers = {
        name: opener
        for name, annotation in get_type_hints(endpoint, include_extras=True).items()
        if (opener := opener_of(annotation)) is not None
    }
    if not openers or inspect.iscoroutinefunction(endpoint):
        return endpoint

    @functools.wraps(endpoint)
    def run(**arguments: Any) -> Any:
        database = current_runtime().database
        sessions = {name: getattr(database, opener)() for name, opener in openers.items()}
        try:
            answer = endpoint(**arguments, **sessions)
            for session in sessions.values():
                session.commit()
        finally:
            for session in sessions.values():
                session.close()
        return answer

    signature = inspect.signature(endpoint)
    rest = [parameter for name, parameter in signature.parameters.items() if name not in openers]
    run.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
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


def guards_of(route: APIRoute) -> list[Guard]:
    """Return the guards a route declares, wherever it got them from."""
    others = [each.call for each in route.dependant.dependencies if isinstance(each.call, Guard)]
    return [*getattr(route, "guards", ()), *others]
