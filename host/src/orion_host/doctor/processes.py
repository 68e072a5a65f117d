"""Findings about what runs: the broker, the processes of the fleet, the schedule, work that failed for good."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.models.fleet import KINDS
from orion_core.models.outbox import EventDelivery
from orion_core.models.task_run import ScheduleMark
from orion_core.services.fleet import LIVE, live_processes
from orion_host.assembly import Assembly
from orion_host.background.schedule import build_schedule
from orion_host.background.sender import BROKER_ERRORS, CelerySender
from orion_host.doctor.finding import Finding, error, warning
from orion_host.fleet import disagreements, fingerprint, loaded_modules
from orion_host.settings import HostSettings

LATE = timedelta(minutes=5)
"""How long after its time an entry of the schedule counts as forgotten."""


def broker(settings: HostSettings) -> Iterator[Finding]:
    """Yield that the broker does not answer.

    Args:
        settings: Where it is.
    """
    sender = CelerySender(settings.require("broker_url"))
    try:
        sender.depths()
    except BROKER_ERRORS as away:
        yield error("broker", f"not reachable: {away}", "start it, or correct ORION_BROKER_URL")
    finally:
        sender.close()


def fleet(session: Session, assembly: Assembly) -> Iterator[Finding]:
    """Yield what is wrong with the processes: none, one kind missing, modules that are out or differ.

    Args:
        session: A platform-wide session.
        assembly: What is installed here.
    """
    live = live_processes(session)
    if not live:
        yield warning("fleet", "no process is running", "start `orion up`, or serve, worker, beat and relay")
        return
    for kind in KINDS:
        if not any(each.kind == kind for each in live):
            seconds = LIVE.total_seconds()
            cause = f"no {kind} was heard of for {seconds:.0f} s"
            yield error("fleet", cause, f"start `orion {'serve' if kind == 'web' else kind}`")
    for difference in disagreements(live):
        yield error("fleet", difference, "install the same versions everywhere, and restart what differs")
    here = fingerprint(loaded_modules(assembly))
    if all(each.fingerprint != here for each in live):
        cause = "the running processes have other modules or versions than this environment"
        yield warning("fleet", cause, "restart them after an installation")
    out = {name: (each.kind, reason) for each in live for name, reason in each.out.items()}
    for module, (kind, reason) in out.items():
        if module not in assembly.quarantined:
            yield error(module, f"takes no part in {kind}: {reason}", "mend it as the reason says, and restart")


def schedule(session: Session, assembly: Assembly) -> Iterator[Finding]:
    """Yield entries that nobody started in time, and marks of entries that a module no longer has.

    Args:
        session: A platform-wide session.
        assembly: What is installed.
    """
    marks = {mark.entry: mark.due for mark in session.scalars(select(ScheduleMark))}
    entries = {entry.name: entry for entry in build_schedule(assembly)}
    now = session.scalars(select(func.now())).one()
    beats = any(each.kind == "beat" for each in live_processes(session))
    for name, entry in entries.items():
        due = entry.latest(now - LATE)
        if beats and name in marks and marks[name] < due:
            cause = f"{name} was due at {due:%Y-%m-%d %H:%M} UTC and was not started"
            yield error(entry.module, cause, "see whether its module takes part in beat and workers")
    for name in sorted(marks.keys() - entries.keys()):
        module = name.partition(".")[0]
        if module in assembly.modules:
            cause = f"schedule entry {name} is gone, and its mark is left"
            yield warning(module, cause, "nothing need be done; a purge of the module removes it, too")


def failures(session: Session) -> Iterator[Finding]:
    """Yield subscribers whose deliveries were given up.

    Args:
        session: A platform-wide session.
    """
    dead = select(EventDelivery.subscriber, func.count()).where(EventDelivery.status == "dead")
    for subscriber, count in session.execute(dead.group_by(EventDelivery.subscriber)):
        cause = f"{count} deliveries to {subscriber} were given up"
        yield warning(
            subscriber.partition(".")[0], cause, f"mend the cause, then `orion events retry --subscriber {subscriber}`"
        )
