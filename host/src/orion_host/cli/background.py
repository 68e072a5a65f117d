"""``orion events`` and ``orion tasks``: see, retry, replay, cancel and start work in the background."""

import json as jsonlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from orion_core.errors import InvalidInput
from orion_host.cli.output import JsonOption, YesOption, show_json, show_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

events = typer.Typer(no_args_is_help=True, help="Events and their deliveries to subscribers.")
tasks = typer.Typer(no_args_is_help=True, help="Runs of background tasks.")

Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")]
EventId = Annotated[UUID, typer.Argument(help="Id of an event.")]
RunId = Annotated[UUID, typer.Argument(help="Id of a task run.")]
SubscriberOption = Annotated[str, typer.Option(help="Id of the subscriber.")]
Since = Annotated[datetime | None, typer.Option(help="Only events published then (UTC) or later.")]


class DeliveryStatus(StrEnum):
    """The states of a delivery."""

    PENDING = "pending"
    FAILED = "failed"
    DEAD = "dead"
    DONE = "done"
    SKIPPED = "skipped"


class RunStatus(StrEnum):
    """The states of a task run."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


@events.command("list")
def list_events(
    *,
    status: Annotated[DeliveryStatus | None, typer.Option(help="Only with a delivery in this state.")] = None,
    type_: Annotated[str, typer.Option("--type", help="Only of types that begin like this.")] = "",
    subscriber: Annotated[str, typer.Option(help="Only with a delivery to this subscriber.")] = "",
    limit: Limit = 20,
    json: JsonOption = False,
) -> None:
    """List events with their deliveries, newest first."""
    from orion_core.services import event_lists as lists

    wanted = lists.EventFilter(status=status or "", type=type_, subscriber=subscriber)
    with _working("list events") as session:
        rows = [_event_row(found) for found in lists.list_events(session, wanted, limit=limit)[0]]
    if json:
        show_json(rows)
        return
    cells = [
        (row["id"], _minute(row["published_at"]), row["type"], "\n".join(map(_state, row["deliveries"])))
        for row in rows
    ]
    show_table(("id", "published", "type", "deliveries"), cells, empty="No event is like that.")


@events.command("show")
def show_event(event_id: EventId, *, json: JsonOption = False) -> None:
    """Show an event with its payload, which may hold personal data, and its deliveries."""
    from orion_core.services.event_lists import get_event

    with _working("show an event") as session:
        found = get_event(session, event_id)
        row = {**_event_row(found), "payload": found.event.payload}
    if json:
        show_json(row)
        return
    deliveries = row.pop("deliveries")
    _show_facts(row)
    columns = ("id", "subscriber", "status", "attempts", "done_at", "error")
    show_table(columns, [[d[c] for c in columns] for d in deliveries], empty="Nobody subscribes to it.")


@events.command("retry")
def retry_events(
    delivery: Annotated[UUID | None, typer.Argument(help="Id of one dead delivery.")] = None,
    *,
    subscriber: Annotated[str, typer.Option(help="Instead: all dead deliveries of this subscriber.")] = "",
    type_: Annotated[str, typer.Option("--type", help="Of these only events of this type.")] = "",
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Try dead deliveries again: one, or all of a subscriber."""
    from orion_core.services import steering

    if (delivery is None) == (not subscriber):
        raise InvalidInput("name one delivery, or a subscriber with --subscriber")
    if delivery is None and not yes:
        typer.confirm(f"Try all dead deliveries of {subscriber} again?", abort=True)
    with _working("retry deliveries") as session:
        if delivery is not None:
            steering.retry_delivery(session, delivery)
            count = 1
        else:
            count = steering.retry_dead(session, subscriber=subscriber, type=type_)
    _answer(json, f"{count} deliveries are tried again.", deliveries=count)


@events.command("replay")
def replay_events(
    *,
    subscriber: SubscriberOption,
    since: Since = None,
    again: Annotated[bool, typer.Option("--again", help="Also events it has had; its effects happen again.")] = False,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Deliver events on record to a subscriber that has not had them, such as one of a module installed later."""
    from datetime import UTC

    from orion_core.services import steering

    if not yes:
        which = "all events on record again" if again else "the events on record it has not had"
        typer.confirm(f"Deliver {which} to {subscriber}?", abort=True)
    moment = since and (since if since.tzinfo else since.replace(tzinfo=UTC))
    with _working("replay events") as session:
        done = steering.replay_events(session, subscriber, since=moment, again=again)
    left = f"; {done.overtaken} left out, a later event of the same record is done (see --again)" * bool(done.overtaken)
    text = f"{done.made} events are delivered, {done.renewed} once more{left}."
    _answer(json, text, made=done.made, renewed=done.renewed, overtaken=done.overtaken)


@tasks.command("list")
def list_tasks(
    *,
    status: Annotated[RunStatus | None, typer.Option(help="Only runs in this state.")] = None,
    task: Annotated[str, typer.Option(help="Only of tasks whose names begin like this.")] = "",
    queue: Annotated[str, typer.Option(help="Only of this queue.")] = "",
    limit: Limit = 20,
    json: JsonOption = False,
) -> None:
    """List task runs, newest first."""
    from orion_core.services import task_run_lists as lists

    wanted = lists.RunFilter(status=status or "", task=task, queue=queue)
    with _working("list task runs") as session:
        rows = [_run_row(run) for run in lists.list_runs(session, wanted, limit=limit)[0]]
    if json:
        show_json(rows)
        return
    columns = ("id", "task", "queue", "status", "attempts", "progress", "error")
    cells = [(*(row[c] for c in columns), _minute(row["created_at"])) for row in rows]
    show_table((*columns, "asked for"), cells, empty="No run is like that.")


@tasks.command("show")
def show_task(run_id: RunId, *, json: JsonOption = False) -> None:
    """Show a task run with its arguments, result and saved state, which may hold personal data."""
    from orion_core.services.task_run_lists import get_run

    with _working("show a task run") as session:
        run = get_run(session, run_id)
        details = ("args", "result", "state", "not_before", "started_at", "finished_at", "max_attempts", "request_id")
        row = {**_run_row(run), **{name: getattr(run, name) for name in details}}
    if json:
        show_json(row)
    else:
        _show_facts(row)


@tasks.command("retry")
def retry_task(run_id: RunId, *, json: JsonOption = False) -> None:
    """Allow a failed or cancelled run one more attempt, from the state it saved last."""
    from orion_core.services import steering

    with _working("retry a task run") as session:
        run = steering.retry_run(session, run_id)
    _answer(json, f"The run of {run.task} is queued again.", id=run.id, status=run.status)


@tasks.command("cancel")
def cancel_task(run_id: RunId, *, yes: YesOption = False, json: JsonOption = False) -> None:
    """Cancel a run: a waiting one at once, a running one when it next reports progress."""
    from orion_core.services import steering

    if not yes:
        typer.confirm("What the run has done stays done. Cancel it?", abort=True)
    with _working("cancel a task run") as session:
        run = steering.cancel_run(session, run_id)
    how = "is cancelled" if run.status == "cancelled" else "stops when it next reports progress"
    _answer(json, f"The run of {run.task} {how}.", id=run.id, status=run.status)


@tasks.command("run")
def run_task(
    name: Annotated[str, typer.Argument(help="Name of a task, module.verb.")],
    *,
    args: Annotated[str, typer.Option(help="Its arguments, a JSON object.")] = "{}",
    platform: Annotated[str, typer.Option(help="Code of the platform to work for.")] = "",
    store: Annotated[str, typer.Option(help="Code of the store to work for.")] = "",
    json: JsonOption = False,
) -> None:
    """Queue a run of a task; without --platform or --store it works for the whole installation."""
    from orion_core.services import steering

    given = _object(args)
    with _working("run a task") as session:
        place = steering.find_place(session, platform=platform, store=store)
        run = steering.run_task(session, name, given, place)
    _answer(json, f"Run {run.id} of {run.task} is queued.", id=run.id, status=run.status)


@contextmanager
def _working(reason: str) -> Iterator["Session"]:
    from orion_core.db import platform_scope
    from orion_host.cli.installation import command_runtime

    with command_runtime(), platform_scope(f"command: {reason}") as session:
        yield session


def _object(text: str) -> dict[str, Any]:
    try:
        value = jsonlib.loads(text)
    except ValueError as error:
        raise InvalidInput(f"--args is not JSON ({error}); write it like '{{\"limit\": 10}}'") from error
    if not isinstance(value, dict):
        raise InvalidInput("--args must be a JSON object, like '{\"limit\": 10}'")
    return value


def _event_row(found: Any) -> dict[str, Any]:
    names = ("id", "type", "published_at", "aggregate_id", "store_id", "request_id")
    columns = ("id", "subscriber", "status", "attempts", "next_attempt_at", "done_at", "error")
    deliveries = [{name: getattr(each, name) for name in columns} for each in found.deliveries]
    return {**{name: getattr(found.event, name) for name in names}, "deliveries": deliveries}


def _state(delivery: dict[str, Any]) -> str:
    return f"{delivery['subscriber']}: {delivery['status']}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _run_row(run: Any) -> dict[str, Any]:
    names = ("id", "task", "queue", "status", "attempts", "created_at", "platform_id", "merchant_id", "store_id")
    total = "" if run.progress_total is None else f"/{run.progress_total}"
    progress = f"{run.progress_done}{total} {run.progress_message or ''}".strip()
    return {**{name: getattr(run, name) for name in names}, "progress": progress, "error": run.error}


def _show_facts(row: dict[str, Any]) -> None:
    for name, value in row.items():
        typer.echo(f"{name:<16} {'-' if value is None else value}")


def _answer(as_json: bool, text: str, **values: Any) -> None:  # noqa: FBT001  passed on from the option
    if as_json:
        show_json(values)
    else:
        typer.echo(text)
