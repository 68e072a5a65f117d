"""Pages of events: list, and one event with its payload and its deliveries."""

from typing import Any
from uuid import UUID

from fastapi import Request

from orion_core.errors import Conflict
from orion_core.models.outbox import ENDED, OPEN
from orion_core.routes.background.guards import MANAGE, VIEW
from orion_core.services import installed, steering
from orion_core.services.event_lists import EventFilter, get_event, list_events
from orion_core.web import CursorDep, PlatformSessionDep, Router, next_cursor, redirect, render
from orion_core.web import translate as _

router = Router(prefix="/background/events")


@router.get("", dependencies=VIEW)
def show_list(
    request: Request,
    session: PlatformSessionDep,
    cursor: CursorDep,
    *,
    q: str = "",
    status: str = "",
    subscriber: str = "",
) -> Any:
    wanted = EventFilter(status=status, type=q, subscriber=subscriber)
    events, key = list_events(session, wanted, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "core/admin/events.html",
        events=events,
        statuses=(*OPEN, *ENDED),
        subscribers=[(name, name) for name in installed.list_subscribers()],
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


@router.get("/{event_id}", dependencies=VIEW)
def show(request: Request, session: PlatformSessionDep, event_id: UUID) -> Any:
    found = get_event(session, event_id)
    return render(request, "core/admin/event.html", event=found.event, deliveries=found.deliveries)


@router.post("/{event_id}/deliveries/{delivery_id}/retry", dependencies=MANAGE)
def retry(session: PlatformSessionDep, event_id: UUID, delivery_id: UUID) -> Any:
    try:
        steering.retry_delivery(session, delivery_id)
    except Conflict:
        text = _("Only a delivery that was given up can be tried again.")
        return redirect(f"/background/events/{event_id}", text, level="warning")
    return redirect(f"/background/events/{event_id}", _("The delivery is tried again."))
