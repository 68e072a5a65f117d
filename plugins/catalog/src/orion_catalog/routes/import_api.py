"""The store team's API for feed imports: send a file, watch it, fetch the refused rows."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from starlette.responses import StreamingResponse

from orion_catalog.routes.feed_uploads import csv_response, errors_file, take_in
from orion_catalog.schemas import ImportOut
from orion_catalog.services.imports import get_import
from orion_catalog.services.staff_lists import list_imports
from orion_core.web import Router, SessionDep, requires

router = Router()
VIEW = [requires("catalog.view_products")]
IMPORT = [requires("catalog.import_products")]


@router.post("/imports", dependencies=IMPORT, status_code=202)
def start_import(
    session: SessionDep,
    file: Annotated[UploadFile, File(description="CSV, plain or as .gz or .zip")],
    complete: Annotated[bool, Form(description="Archive products the file does not name")] = False,
) -> ImportOut:
    """Take in a product feed; it is applied in the background."""
    return ImportOut.model_validate(take_in(session, file, is_complete=complete))


@router.get("/imports", dependencies=VIEW)
def list_latest(session: SessionDep, after: UUID | None = None) -> list[ImportOut]:
    """Return the latest 20 imports, newest first, or those before ``after``."""
    return [ImportOut.model_validate(found) for found in list_imports(session, 20, after)]


@router.get("/imports/{import_id}", dependencies=VIEW)
def show_import(session: SessionDep, import_id: UUID) -> ImportOut:
    """Return how far an import got."""
    return ImportOut.model_validate(get_import(session, import_id))


@router.get("/imports/{import_id}/errors.csv", dependencies=VIEW, response_class=StreamingResponse)
def download_errors(session: SessionDep, import_id: UUID) -> StreamingResponse:
    """Return the refused rows as CSV."""
    return csv_response(errors_file(get_import(session, import_id).id), import_id)
