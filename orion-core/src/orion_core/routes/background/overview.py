"""The first page of work in the background: figures, and subscribers whose deliveries were given up."""

from datetime import UTC, datetime
from typing import Any

from babel.dates import format_timedelta
from fastapi import Request

from orion_core.context import current_context
from orion_core.routes.background.guards import MANAGE, VIEW
from orion_core.services.figures import dead_by_subscriber, figures
from orion_core.services.steering import retry_dead
from orion_core.web import PlatformSessionDep, Router, redirect, render
from orion_core.web import translate as _

router = Router(prefix="/background")


@router.get("", dependencies=VIEW)
def show(request: Request, session: PlatformSessionDep) -> Any:
    found = figures(session)
    return render(
        request,
        "core/admin/background.html",
        figures=found,
        oldest_run=_age(found.oldest_run),
        oldest_delivery=_age(found.oldest_delivery),
        dead=dead_by_subscriber(session),
    )


@router.get("/subscribers/{subscriber}/retry", dependencies=MANAGE)
def ask(request: Request, session: PlatformSessionDep, subscriber: str) -> Any:
    number = dict(dead_by_subscriber(session)).get(subscriber, 0)
    return render(request, "core/admin/retry_dead.html", subscriber=subscriber, number=number)


@router.post("/subscribers/{subscriber}/retry", dependencies=MANAGE)
def retry(session: PlatformSessionDep, subscriber: str) -> Any:
    number = retry_dead(session, subscriber=subscriber)
    text = _("%(number)s deliveries are tried again.") % {"number": number}
    return redirect("/background", text)


def _age(moment: datetime | None) -> str:
    """Return how long something has waited, in the reader's words; what is due later has not waited yet."""
    now = datetime.now(UTC)
    if moment is None or moment > now:
        return ""
    return str(format_timedelta(now - moment, locale=current_context().locale))
