"""The store team's pages for feed imports: upload, progress, report, refused rows."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from starlette.responses import StreamingResponse

from orion_catalog.exceptions import FeedUnusable
from orion_catalog.routes.feed_uploads import csv_response, errors_file, take_in
from orion_catalog.services.imports import get_import
from orion_catalog.services.staff_lists import list_import_errors, list_imports
from orion_core.web import Router, SessionDep, redirect, render, requires
from orion_core.web import translate as _

router = Router()
IMPORT = [requires("catalog.import_products")]
VIEW = [requires("catalog.view_products")]
SHOWN_ERRORS = 50


@router.get("/imports", dependencies=IMPORT)
def list_latest(request: Request, session: SessionDep) -> Any:
    return _page(request, session)


@router.post("/imports", dependencies=IMPORT)
def start_import(
    request: Request,
    session: SessionDep,
    file: Annotated[UploadFile | None, File()] = None,
    complete: Annotated[str, Form()] = "",
) -> Any:
    try:
        feed_import = take_in(session, file, is_complete=bool(complete))
    except FeedUnusable as error:
        return _page(request, session, error.errors, status=422)
    return redirect(f"/imports/{feed_import.id}", _("The file was received and is being imported."))


@router.get("/imports/{import_id}", dependencies=VIEW)
def show_import(request: Request, session: SessionDep, import_id: UUID, after: int = 0) -> Any:
    feed_import = get_import(session, import_id)
    errors = list_import_errors(session, import_id, SHOWN_ERRORS + 1, after)
    more = errors[SHOWN_ERRORS - 1].row if len(errors) > SHOWN_ERRORS else None
    template = "catalog/store/import.html"
    return render(request, template, feed_import=feed_import, rejected=errors[:SHOWN_ERRORS], more=more)


@router.get("/imports/{import_id}/progress", dependencies=VIEW)
def show_progress(request: Request, session: SessionDep, import_id: UUID) -> Any:
    return render(request, "catalog/store/_progress.html", feed_import=get_import(session, import_id))


@router.get("/imports/{import_id}/errors.csv", dependencies=VIEW)
def download_errors(session: SessionDep, import_id: UUID) -> StreamingResponse:
    return csv_response(errors_file(get_import(session, import_id).id), import_id)


def _page(request: Request, session: Any, errors: dict[str, str] | None = None, status: int = 200) -> Any:
    shown = {name: _(text) for name, text in (errors or {}).items()}
    template = "catalog/store/imports.html"
    return render(request, template, status=status, rows=list_imports(session), errors=shown)
