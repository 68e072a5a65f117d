"""Everything a module's routes need: router, guards, dependencies, pages, forms and paging."""

from orion_core.web.amounts import typed_amount
from orion_core.web.deps import ContextDep, PlatformSessionDep, SessionDep
from orion_core.web.forms import FORM_ERRORS, Submitted, show_again, submitted
from orion_core.web.guards import customer, may, public, requires, signed_in
from orion_core.web.pages import flash, redirect, render, translate
from orion_core.web.paging import Cursor, CursorDep, Page, next_cursor
from orion_core.web.query import query
from orion_core.web.responses import JSON, file_response
from orion_core.web.routing import Router
from orion_core.web.versions import VersionDep, set_etag

__all__ = [
    "FORM_ERRORS",
    "JSON",
    "ContextDep",
    "Cursor",
    "CursorDep",
    "Page",
    "PlatformSessionDep",
    "Router",
    "SessionDep",
    "Submitted",
    "VersionDep",
    "customer",
    "file_response",
    "flash",
    "may",
    "next_cursor",
    "public",
    "query",
    "redirect",
    "render",
    "requires",
    "set_etag",
    "show_again",
    "signed_in",
    "submitted",
    "translate",
    "typed_amount",
]
