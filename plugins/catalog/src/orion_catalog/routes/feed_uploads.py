"""Takes in an uploaded feed and gives out the refused rows; shared by the import's pages and API."""

from collections.abc import Iterator
from typing import IO, cast
from uuid import UUID

from fastapi import UploadFile
from sqlalchemy.orm import Session
from starlette.responses import StreamingResponse

from orion_catalog.config import CatalogConfig
from orion_catalog.exceptions import FeedUnusable
from orion_catalog.feed.errors import RowError
from orion_catalog.feed.report import errors_csv
from orion_catalog.models import FeedImport
from orion_catalog.services.feed_files import store_file
from orion_catalog.services.imports import record_import
from orion_catalog.services.staff_lists import list_import_errors
from orion_catalog.tasks import ImportArgs, import_feed
from orion_core.context import current_context, use_context
from orion_core.db import unit_of_work
from orion_core.runtime import current_runtime, use_runtime
from orion_core.services.settings import get_settings
from orion_core.tasks import enqueue

_STEP = 1000


def take_in(session: Session, file: UploadFile | None, *, is_complete: bool) -> FeedImport:
    """Store the file and ask for its import.

    Raises:
        FeedUnusable: There is no file, it is empty, or larger than the settings allow.
    """
    size, limit = file.size or 0 if file else 0, get_settings(session, CatalogConfig).import_max_megabytes
    if file is None or not size:
        raise FeedUnusable(errors={"file": "Choose a file that is not empty"})
    if size > limit << 20:
        raise FeedUnusable(errors={"file": f"The file is larger than {limit} MB"})
    feed_import = record_import(session, file.filename or "feed.csv", size, is_complete=is_complete)
    store_file(session, feed_import.id, cast("IO[bytes]", file.file))
    feed_import.run_id = enqueue(session, import_feed, ImportArgs(import_id=feed_import.id))
    session.flush()
    return feed_import


def errors_file(import_id: UUID) -> Iterator[str]:
    """Yield the refused rows as lines of CSV, some at a time, each in a transaction of its own."""
    context, runtime = current_context(), current_runtime()

    def rows() -> Iterator[RowError]:
        last = 0
        while True:
            with use_context(context), use_runtime(runtime), unit_of_work() as session:
                found = list_import_errors(session, import_id, _STEP, last)
            if not found:
                return
            last = found[-1].row
            for e in found:
                yield RowError(e.row, e.line, e.external_id, e.column_name, e.value, e.code, e.reason)

    return errors_csv(rows())


def csv_response(lines: Iterator[str], import_id: UUID) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="refused-rows-{import_id}.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
