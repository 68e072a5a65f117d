"""The JSON API of work in the background: task runs, events, schedule."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from orion_core import schemas as s
from orion_core.routes.background.guards import MANAGE, VIEW
from orion_core.services import event_lists, schedule, steering, task_run_lists
from orion_core.services.event_lists import EventFilter, ListedEvent
from orion_core.services.figures import figures
from orion_core.services.task_run_lists import RunFilter
from orion_core.web import CursorDep, Page, PlatformSessionDep, Router, next_cursor

router = Router(prefix="/background")
Text = Annotated[str, Query(max_length=200)]


@router.get("/figures", dependencies=VIEW)
def show_figures(session: PlatformSessionDep) -> s.FiguresOut:
    found = figures(session)
    hours = [s.HourOut(begin=begin, runs=runs, deliveries=deliveries) for begin, runs, deliveries in found.hours]
    names = ("runs", "deliveries", "events_new", "oldest_run", "oldest_delivery")
    return s.FiguresOut(**{name: getattr(found, name) for name in names}, hours=hours)


@router.get("/runs", dependencies=VIEW)
def list_runs(
    session: PlatformSessionDep,
    cursor: CursorDep,
    status: s.RunStatus | None = None,
    task: Text = "",
    queue: s.Queue | None = None,
) -> Page[s.RunOut]:
    wanted = RunFilter(status=status or "", task=task, queue=queue or "")
    rows, key = task_run_lists.list_runs(session, wanted, after=cursor.after, limit=cursor.limit)
    return Page(items=[s.RunOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/runs", status_code=201, dependencies=MANAGE, response_model=s.RunDetailsOut)
def run_task(session: PlatformSessionDep, given: s.RunInput) -> Any:
    place = steering.find_place(session, platform=given.platform, store=given.store)
    return steering.run_task(session, given.task, given.args, place)


@router.get("/runs/{run_id}", dependencies=VIEW, response_model=s.RunDetailsOut)
def get_run(session: PlatformSessionDep, run_id: UUID) -> Any:
    return task_run_lists.get_run(session, run_id)


@router.post("/runs/{run_id}/retry", dependencies=MANAGE, response_model=s.RunDetailsOut)
def retry_run(session: PlatformSessionDep, run_id: UUID) -> Any:
    return steering.retry_run(session, run_id)


@router.post("/runs/{run_id}/cancel", dependencies=MANAGE, response_model=s.RunDetailsOut)
def cancel_run(session: PlatformSessionDep, run_id: UUID) -> Any:
    return steering.cancel_run(session, run_id)


@router.get("/events", dependencies=VIEW)
def list_events(
    session: PlatformSessionDep,
    cursor: CursorDep,
    status: s.DeliveryStatus | None = None,
    type: Text = "",  # noqa: A002  the parameter's name
    subscriber: Text = "",
) -> Page[s.EventOut]:
    wanted = EventFilter(status=status or "", type=type, subscriber=subscriber)
    rows, key = event_lists.list_events(session, wanted, after=cursor.after, limit=cursor.limit)
    return Page(items=[_event(row) for row in rows], next_cursor=next_cursor(key))


@router.get("/events/{event_id}", dependencies=VIEW)
def get_event(session: PlatformSessionDep, event_id: UUID) -> s.EventDetailsOut:
    found = event_lists.get_event(session, event_id)
    return s.EventDetailsOut(**_event(found).model_dump(), payload=found.event.payload)


@router.post("/deliveries/{delivery_id}/retry", dependencies=MANAGE, response_model=s.DeliveryOut)
def retry_delivery(session: PlatformSessionDep, delivery_id: UUID) -> Any:
    return steering.retry_delivery(session, delivery_id)


@router.post("/retries", dependencies=MANAGE)
def retry_dead(session: PlatformSessionDep, given: s.RetryInput) -> s.RetriedOut:
    """Try all dead deliveries of a subscriber again."""
    return s.RetriedOut(deliveries=steering.retry_dead(session, subscriber=given.subscriber, type=given.type))


@router.post("/replays", dependencies=MANAGE, response_model=s.ReplayedOut)
def replay(session: PlatformSessionDep, given: s.ReplayInput) -> Any:
    """Deliver events on record to a subscriber that has not had them."""
    return steering.replay_events(session, given.subscriber, since=given.since, again=given.again)


@router.get("/schedule", dependencies=VIEW)
def list_schedule(session: PlatformSessionDep) -> list[s.EntryOut]:
    return [
        s.EntryOut(
            name=state.entry.name,
            module=state.module,
            task=state.entry.task,
            cron=state.entry.cron,
            per_platform=state.entry.per_platform,
            next_due=state.next_due,
            marked=state.marked,
            last_run=s.RunOut.model_validate(state.last_run) if state.last_run else None,
        )
        for state in schedule.list_schedule(session)
    ]


@router.post("/schedule/{entry}/run", status_code=201, dependencies=MANAGE)
def run_entry(session: PlatformSessionDep, entry: str) -> list[s.RunOut]:
    """Start what the entry starts when it is due; answers with the runs."""
    return [s.RunOut.model_validate(run) for run in steering.run_entry(session, entry)]


def _event(found: ListedEvent) -> s.EventOut:
    names = s.EventOut.model_fields.keys() - {"deliveries"}
    values = {name: getattr(found.event, name) for name in names}
    return s.EventOut(**values, deliveries=[s.DeliveryOut.model_validate(each) for each in found.deliveries])
