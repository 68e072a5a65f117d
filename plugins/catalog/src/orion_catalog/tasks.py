"""The catalogue's background work: applying feeds, rebuilding the search index."""

from uuid import UUID

from pydantic import BaseModel

from orion_catalog.exceptions import FeedShrinks, FeedUnusable
from orion_catalog.services.imports import run_import, stop_import
from orion_catalog.services.reindex import reindex_store
from orion_core.tasks import RunningTask, TaskCancelled, task


class ImportArgs(BaseModel):
    import_id: UUID


@task(
    "catalog.import_feed",
    queue="long_running",
    title="Import a product feed",
    retries=5,
    time_limit=3600,
    exclusive=True,
)
def import_feed(args: ImportArgs, run: RunningTask) -> None:
    try:
        done = run_import(args.import_id, run.progress)
    except (FeedUnusable, FeedShrinks) as error:
        # Trying again would not change the file; the import itself says what is wrong with it.
        run.result({"status": "failed", "error": error.detail})
        return
    except TaskCancelled:
        stop_import(args.import_id, "The import was cancelled.")
        raise
    names = ("status", "rows", "created", "updated", "unchanged", "rejected", "archived")
    run.result({name: getattr(done, name) for name in names})


@task("catalog.reindex", queue="long_running", title="Rebuild the product search", time_limit=3600, exclusive=True)
def reindex(run: RunningTask) -> None:
    reindex_store(run.progress)
