"""Pages of task runs: list, one run, retry and cancel."""

from typing import Any
from uuid import UUID

from fastapi import Request

from orion_core.errors import Conflict
from orion_core.models.task_run import ENDED, OPEN
from orion_core.routes.background.guards import MANAGE, VIEW
from orion_core.services import steering
from orion_core.services.task_run_lists import RunFilter, get_run, list_runs
from orion_core.tasks import QUEUES
from orion_core.web import CursorDep, PlatformSessionDep, Router, next_cursor, redirect, render
from orion_core.web import translate as _

router = Router(prefix="/background/runs")


@router.get("", dependencies=VIEW)
def show_list(
    request: Request, session: PlatformSessionDep, cursor: CursorDep, *, q: str = "", status: str = "", queue: str = ""
) -> Any:
    wanted = RunFilter(status=status, task=q, queue=queue)
    runs, key = list_runs(session, wanted, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "core/admin/runs.html",
        runs=runs,
        statuses=(*OPEN, *ENDED),
        queues=[(queue, queue) for queue in QUEUES],
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


@router.get("/{run_id}", dependencies=VIEW)
def show(request: Request, session: PlatformSessionDep, run_id: UUID) -> Any:
    return render(request, "core/admin/run.html", run=get_run(session, run_id))


@router.get("/{run_id}/progress", dependencies=VIEW)
def show_progress(request: Request, session: PlatformSessionDep, run_id: UUID) -> Any:
    return render(request, "core/admin/_progress.html", run=get_run(session, run_id))


@router.post("/{run_id}/retry", dependencies=MANAGE)
def retry(session: PlatformSessionDep, run_id: UUID) -> Any:
    try:
        steering.retry_run(session, run_id)
    except Conflict:
        return redirect(f"/background/runs/{run_id}", _("This run cannot be tried again now."), level="danger")
    return redirect(f"/background/runs/{run_id}", _("The run is queued again."))


@router.get("/{run_id}/cancel", dependencies=MANAGE)
def ask(request: Request, session: PlatformSessionDep, run_id: UUID) -> Any:
    return render(request, "core/admin/run_cancel.html", run=get_run(session, run_id))


@router.post("/{run_id}/cancel", dependencies=MANAGE)
def cancel(session: PlatformSessionDep, run_id: UUID) -> Any:
    try:
        run = steering.cancel_run(session, run_id)
    except Conflict:
        return redirect(f"/background/runs/{run_id}", _("This run has already ended."), level="warning")
    at_once = run.status == "cancelled"
    text = _("The run was cancelled.") if at_once else _("The run stops when it next reports its progress.")
    return redirect(f"/background/runs/{run_id}", text)
