"""Everything a module's routes need: router, guards, dependencies, pages, forms and paging."""

from orion_core.web.deps import ContextDep, PlatformSessionDep, SessionDep
from orion_core.web.forms import Submitted, submitted
from orion_core.web.guards import customer, public, requires, signed_in
from orion_core.web.pages import flash, redirect, render
from orion_core.web.paging import Cursor, CursorDep, Page
from orion_core.web.query import query
from orion_core.web.responses import JSON
from orion_core.web.routing import Router

__all__ = [
    "JSON",
    "ContextDep",
    "Cursor",
    "CursorDep",
    "Page",
    "PlatformSessionDep",
    "Router",
    "SessionDep",
    "Submitted",
    "customer",
    "flash",
    "public",
    "query",
    "redirect",
    "render",
    "requires",
    "signed_in",
    "submitted",
]
