"""Dependencies with names: the session, the platform-wide session, the context."""

from typing import Annotated, Any, NoReturn

from fastapi import Depends, params
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, current_context


async def _session() -> NoReturn:
    raise LookupError("SessionDep is for parameters of a route's own synchronous function on an orion_core Router")


async def _platform_session() -> NoReturn:
    raise LookupError("PlatformSessionDep is for parameters of a route's own synchronous function")


# Asynchronous although it does not wait: a synchronous dependency would cost a change of thread.
async def _context() -> RequestContext:
    return current_context()


SessionDep = Annotated[Session, Depends(_session)]
"""A session of the current tenant; the route opens, commits and closes it."""

PlatformSessionDep = Annotated[Session, Depends(_platform_session)]
"""A session that sees all tenants; for routes of the admin area and for signing in."""

ContextDep = Annotated[RequestContext, Depends(_context)]
"""The request's context."""

_OPENERS = {_session: "session", _platform_session: "platform_session"}


def opener_of(annotation: Any) -> str | None:
    """Return the method of ``Database`` that opens what a parameter asks for, or ``None``.

    Args:
        annotation: The parameter's annotation, ``Annotated`` included.
    """
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, params.Depends) and extra.dependency in _OPENERS:
            return _OPENERS[extra.dependency]
    return None
