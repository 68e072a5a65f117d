"""The page of the schedule: when entries are due, how their last runs ended, and a way to run one now."""

from typing import Any

from fastapi import Request

from orion_core.routes.background.guards import MANAGE, VIEW
from orion_core.services.schedule import list_schedule
from orion_core.services.steering import run_entry
from orion_core.web import PlatformSessionDep, Router, redirect, render
from orion_core.web import translate as _

router = Router(prefix="/background/schedule")


@router.get("", dependencies=VIEW)
def show(request: Request, session: PlatformSessionDep) -> Any:
    return render(request, "core/admin/schedule.html", entries=list_schedule(session))


@router.post("/{entry}/run", dependencies=MANAGE)
def run_now(session: PlatformSessionDep, entry: str) -> Any:
    runs = run_entry(session, entry)
    if not runs:
        return redirect("/background/schedule", _("Its module is switched off everywhere."), level="warning")
    if len(runs) == 1:
        return redirect(f"/background/runs/{runs[0].id}", _("The run is queued."))
    return redirect("/background/schedule", _("%(number)s runs are queued.") % {"number": len(runs)})
