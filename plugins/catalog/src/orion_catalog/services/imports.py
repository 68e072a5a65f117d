"""Feed imports: taken in, applied batch by batch, resumed after a crash, reported on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import IO, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from orion_catalog.config import CatalogConfig
from orion_catalog.events import ProductsImported
from orion_catalog.exceptions import FeedUnusable, ImportNotFound, ImportRunning
from orion_catalog.feed.errors import FeedError, RowError
from orion_catalog.feed.product import FeedRow
from orion_catalog.feed.reader import FeedReader, read_feed
from orion_catalog.models import FeedImport
from orion_catalog.services import feed_writes
from orion_catalog.services.category_paths import CategoryPaths
from orion_catalog.services.feed_batch import Applied, Memory, apply_rows
from orion_catalog.services.feed_files import drop_file, open_file
from orion_catalog.services.feed_missing import archive_missing
from orion_core.context import SYSTEM, current_context
from orion_core.db import advisory_locks, unit_of_work
from orion_core.events import publish
from orion_core.runtime import current_runtime
from orion_core.services.settings import get_settings

Progress = Callable[[int, int | None], None]


class Batch(NamedTuple):
    """Rows in file order, and how many rows of the file have been read with them."""

    items: list[FeedRow | RowError]
    rows: int


def record_import(session: Session, file_name: str, size: int, *, is_complete: bool = False) -> FeedImport:
    """Note that a file is to be imported."""
    actor = current_context().actor or SYSTEM
    feed_import = FeedImport(file_name=file_name[:200], size=size, is_complete=is_complete, started_by=actor.name)
    session.add(feed_import)
    session.flush()
    return feed_import


def get_import(session: Session, import_id: UUID) -> FeedImport:
    found = session.scalars(select(FeedImport).where(FeedImport.id == import_id)).one_or_none()
    if found is None:
        raise ImportNotFound
    return found


def run_import(import_id: UUID, progress: Progress, stream: IO[bytes] | None = None) -> FeedImport:
    """Apply an import's file from where an earlier attempt stopped, one transaction per batch.

    Args:
        import_id: The import.
        progress: Is told rows done and about how many there are; it may raise to stop.
        stream: The file; the stored one if not given.

    Raises:
        ImportRunning: Another import of this store is at work.
        FeedUnusable: The file as a whole cannot be read; nothing more of it is applied.
        FeedShrinks: It is complete and leaves out too many products; its rows are applied.
    """
    with unit_of_work() as session:
        found = get_import(session, import_id)
    if found.status == "completed":
        return found  # a run that is delivered once more
    with _only_one(), stream or open_file(import_id) as source:
        try:
            _apply_file(import_id, source, progress)
        except FeedError as error:
            stop_import(import_id, f"{error.message} {error.hint}")
            raise FeedUnusable(f"{error.message} {error.hint}", feed_code=error.code) from error
    with unit_of_work() as session:
        return get_import(session, import_id)


def _apply_file(import_id: UUID, source: IO[bytes], progress: Progress) -> None:
    with unit_of_work() as session:
        settings = get_settings(session, CatalogConfig)
        feed_import = get_import(session, import_id)
        position, is_complete = feed_import.rows, feed_import.is_complete
        feed_import.status, feed_import.error, feed_import.finished_at = "running", None, None
        feed_import.started_at = feed_import.started_at or func.now()
        memory = Memory(CategoryPaths(session), settings.default_tax_class)
    options = {
        "default_currency": current_context().store.currency,
        "default_tax_rate": settings.import_tax_rate_bp,
        "max_bytes": settings.import_max_megabytes << 20,
    }
    with read_feed(source, skip_rows=position, **options) as reader:  # type: ignore[arg-type]
        total = max(reader.lines - 1, 1)
        with unit_of_work() as session:
            get_import(session, import_id).lines = total
        for batch in _ahead(reader, settings.import_batch_rows):
            with unit_of_work() as session:
                _apply(session, import_id, batch, position, memory)
            position = batch.rows
            progress(position, max(total, position))
        warnings = [
            {"code": w.code, "column": w.column, "message": w.message, "count": w.count} for w in reader.warnings
        ]
    archived = archive_missing(import_id, source, settings, options) if is_complete else 0
    with unit_of_work() as session:
        feed_import = get_import(session, import_id)
        feed_import.status, feed_import.finished_at = "completed", func.now()
        feed_import.warnings, feed_import.archived = warnings, archived
        drop_file(session, import_id)


def _apply(session: Session, import_id: UUID, batch: Batch, position: int, memory: Memory) -> None:
    rows = [item for item in batch.items if isinstance(item, FeedRow)]
    errors = [item for item in batch.items if isinstance(item, RowError)]
    applied = apply_rows(session, rows, memory) if rows else Applied()
    feed_writes.write(session, feed_writes.INSERT_ERRORS, [error._asdict() for error in errors], import_id=import_id)
    # Another process that applied the same rows has moved the position: then nothing of this batch is kept.
    moved = session.execute(
        update(FeedImport)
        .where(FeedImport.id == import_id, FeedImport.rows == position)
        .values(
            rows=batch.rows,
            created=FeedImport.created + applied.created,
            updated=FeedImport.updated + applied.updated,
            unchanged=FeedImport.unchanged + applied.unchanged,
            rejected=FeedImport.rejected + len(errors),
        )
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise ImportRunning("another process is applying this import")
    if applied.product_ids:
        publish(
            session,
            ProductsImported(
                import_id=import_id,
                created=applied.created,
                updated=applied.updated,
                product_ids=applied.product_ids,
            ),
        )


def _ahead(reader: FeedReader, size: int) -> Iterator[Batch]:
    """Yield the file in batches, reading the next one while the caller waits for the database."""

    def read() -> Batch:
        return Batch(list(islice(rows, size)), reader.counts.rows)

    rows = iter(reader)
    with ThreadPoolExecutor(1, thread_name_prefix="feed") as reading:
        coming = reading.submit(read)
        while (batch := coming.result()).items:
            coming = reading.submit(read)
            yield batch


def stop_import(import_id: UUID, reason: str) -> None:
    """Say why an import goes no further; its file stays, so that it can be run again."""
    with unit_of_work() as session:
        feed_import = get_import(session, import_id)
        feed_import.status, feed_import.error, feed_import.finished_at = "failed", reason, func.now()


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the store's import lock; PostgreSQL lets go of it when this process dies."""
    with advisory_locks(current_runtime().database) as take:
        if not take(f"catalog.import:{current_context().store.id}"):
            raise ImportRunning
        yield
