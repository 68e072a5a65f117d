"""A module with tasks and subscribers that note what they do, wait for a sign, fail, or kill their process."""

import os
import signal
import time
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core import Subscriber
from orion_core.db import platform_scope, unit_of_work
from orion_core.events import Event
from orion_core.tasks import RunningTask, task

TABLES = (
    "CREATE SCHEMA sample",
    "CREATE TABLE sample.platform (id uuid PRIMARY KEY, off text[] NOT NULL DEFAULT '{}')",
    "CREATE TABLE sample.store (id uuid PRIMARY KEY, platform_id uuid NOT NULL, merchant_id uuid NOT NULL)",
    "CREATE TABLE sample.effect (id bigserial PRIMARY KEY, what text NOT NULL)",
    "CREATE TABLE sample.sign (name text PRIMARY KEY)",
    "CREATE TABLE sample.counter (id uuid PRIMARY KEY)",
    "CREATE TABLE sample.intent (number bigserial PRIMARY KEY, counter uuid NOT NULL)",
    "CREATE TABLE sample.asked (run_id uuid PRIMARY KEY, task text NOT NULL, tag text NOT NULL)",
    "CREATE TABLE sample.moved (entry text NOT NULL, due timestamptz NOT NULL)",
    "GRANT USAGE ON SCHEMA sample TO orion_app, orion_platform",
    "GRANT ALL ON ALL TABLES IN SCHEMA sample TO orion_app, orion_platform",
    "GRANT ALL ON ALL SEQUENCES IN SCHEMA sample TO orion_app, orion_platform",
)


def note(session: Session, what: str) -> None:
    session.execute(text("INSERT INTO sample.effect (what) VALUES (:what)"), {"what": what})


def has_sign(name: str) -> bool:
    with platform_scope("look for a sign") as session:
        return session.scalar(text("SELECT true FROM sample.sign WHERE name = :name"), {"name": name}) or False


def give_sign(name: str) -> None:
    with platform_scope("give a sign") as session:
        session.execute(text("INSERT INTO sample.sign VALUES (:name) ON CONFLICT DO NOTHING"), {"name": name})


def wait_for_sign(name: str) -> None:
    while not has_sign(name):
        time.sleep(0.02)


def behave(mood: str) -> None:
    """Do what a mood says, after the effects and before the commit."""
    if mood == "raise" and not has_sign("healed"):
        raise RuntimeError("not healed yet")
    if mood == "die" and not has_sign("died"):
        give_sign("died")
        os.kill(os.getpid(), signal.SIGKILL)
    if mood == "wait":
        give_sign(f"waiting {os.getpid()}")
        wait_for_sign("go")


class Note(BaseModel):
    what: str
    mood: str = ""


class Count(BaseModel):
    total: int
    wait_at: int = -1


@task("sample.note", retries=2)
def note_task(session: Session, args: Note) -> None:
    note(session, args.what)
    behave(args.mood)


@task("sample.count", queue="long_running")
def count_task(args: Count, run: RunningTask) -> None:
    for number in range(run.state.get("done", 0), args.total):
        with unit_of_work() as session:
            note(session, f"count {number}")
            run.save_state(session, {"done": number + 1})
            if number == args.wait_at:
                behave("wait")
        run.progress(number + 1, args.total)
    run.result({"counted": args.total})


@task("sample.alone", exclusive=True)
def alone_task(args: Note, run: RunningTask) -> None:
    with unit_of_work() as session:
        note(session, f"{args.what} begins")
    behave(args.mood)
    with unit_of_work() as session:
        note(session, f"{args.what} ends")


@task("sample.dawdle", retries=0, time_limit=1)
def dawdle_task(run: RunningTask) -> None:
    time.sleep(30)


class Steps(BaseModel):
    tag: str
    total: int


@task("sample.steps", queue="long_running", retries=50)
def steps_task(args: Steps, run: RunningTask) -> None:
    _walk("step", args, run)


@task("sample.turn", retries=50, exclusive=True)
def turn_task(args: Steps, run: RunningTask) -> None:
    _walk("turn", args, run)


def _walk(kind: str, args: Steps, run: RunningTask) -> None:
    for number in range(run.state.get("done", 0), args.total):
        with unit_of_work() as session:
            note(session, f"{kind} {args.tag} {number} {run.attempt}")
            run.save_state(session, {"done": number + 1})
        run.progress(number + 1, args.total)
        time.sleep(0.05)


@task("sample.tick", queue="scheduled")
def tick_task(session: Session) -> None:
    note(session, "tick")


class Counted(Event):
    type: ClassVar[str] = "sample.counted.v1"
    counter: UUID
    number: int
    mood: str = ""

    @property
    def aggregate_id(self) -> UUID:
        return self.counter


class Unheard(Event):
    type: ClassVar[str] = "sample.unheard.v1"


def ledger(session: Session, event: Counted) -> None:
    note(session, f"ledger {event.number}")
    behave(event.mood)


def mirror(session: Session, event: Counted) -> None:
    note(session, f"mirror {event.number}")


def echo(session: Session, event: Mapping[str, Any]) -> None:
    note(session, f"echo {event['number']}")


SUBSCRIBERS = (
    ("sample", Subscriber(id="sample.ledger", event=Counted, handler=ledger)),
    ("sample", Subscriber(id="sample.mirror", event=Counted, handler=mirror)),
    ("other", Subscriber(id="other.echo", event="sample.counted.v1", handler=echo)),
)
