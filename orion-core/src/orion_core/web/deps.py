"""Dependencies with names: the session, the platform-wide session, the context."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, current_context
from orion_core.runtime import current_runtime

# Asynchronous although nothing here waits: a synchronous dependency would cost a change of thread each.
# A session connects with its first statement, in the thread of the route's function.


async def _session() -> Session:
    return current_runtime().database.session()


async def _platform_session() -> Session:
    return current_runtime().database.platform_session()


async def _context() -> RequestContext:
    return current_context()


SessionDep = Annotated[Session, Depends(_session)]
"""A session of the current tenant; the kernel commits it."""

PlatformSessionDep = Annotated[Session, Depends(_platform_session)]
"""A session that sees all tenants; for routes of the admin area."""

ContextDep = Annotated[RequestContext, Depends(_context)]
"""The request's context."""
