"""The process's place in the fleet: what it runs as a fingerprint, and the heartbeat that reports it."""

import hashlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from orion_core.context import NOWHERE, use_context
from orion_core.ids import new_id
from orion_core.models.fleet import Process
from orion_core.runtime import Runtime, use_runtime
from orion_core.services import fleet
from orion_host.assembly import Assembly
from orion_host.migrations.heads import shipped_revisions

Kind = Literal["web", "worker", "beat", "relay"]
BEAT_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Member(Protocol):
    """A process as the fleet sees it."""

    @property
    def assembly(self) -> Assembly:
        """What it loaded."""

    @property
    def runtime(self) -> Runtime:
        """Its database and standing."""


def loaded_modules(assembly: Assembly) -> dict[str, dict[str, str | None]]:
    """Return version and newest shipped revision of every loaded module.

    Args:
        assembly: What is loaded.
    """
    folders = assembly.folders("migrations")
    heads = {name: shipped[-1] for name, folder in folders.items() if (shipped := shipped_revisions(folder))}
    return {
        name: {"version": module.version, "head": heads.get(name)} for name, module in sorted(assembly.modules.items())
    }


def fingerprint(modules: dict[str, dict[str, str | None]]) -> str:
    """Return a short hash that two processes share exactly if they run the same modules.

    Args:
        modules: From ``loaded_modules``.
    """
    return hashlib.sha256(json.dumps(modules, sort_keys=True).encode()).hexdigest()[:12]


def disagreements(processes: Iterable[Process]) -> list[str]:
    """Return how live processes differ in the modules they run; empty if they agree.

    Args:
        processes: The live processes.
    """
    found = list(processes)
    if len({each.fingerprint for each in found}) < 2:
        return []
    names = sorted({name for each in found for name in each.modules})
    return [line for name in names if (line := _difference(name, found))]


def _difference(module: str, processes: list[Process]) -> str:
    seen: dict[str, set[str]] = {}
    for each in processes:
        has = each.modules.get(module)
        what = f"{has['version']} ({has['head'] or 'no tables'})" if has else "not there"
        seen.setdefault(what, set()).add(each.kind)
    if len(seen) < 2:
        return ""
    return f"{module} is " + "; ".join(f"{what} in {', '.join(sorted(kinds))}" for what, kinds in sorted(seen.items()))


class Heartbeat:
    """Reports one process, and has it look what changed in the database.

    Args:
        member: The process.
        kind: What it is.
        review: Looks at the database, given a connection.
    """

    def __init__(self, member: Member, kind: Kind, review: Callable[[Connection], None]) -> None:
        self._member = member
        self._review = review
        self._id = new_id()
        modules = loaded_modules(member.assembly)
        self._row: dict[str, Any] = {
            "kind": kind,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "modules": modules,
            "fingerprint": fingerprint(modules),
        }

    def run(self, stop: threading.Event) -> None:
        """Beat until told to stop; a database that is away is waited for.

        Args:
            stop: Set it to end the heartbeat.
        """
        well = True
        while not stop.is_set():
            try:
                self.beat()
                well = True
            except SQLAlchemyError as error:
                if well:
                    log.warning("heartbeat_failed", error=type(error).__name__)
                well = False
            stop.wait(BEAT_SECONDS)
        self._leave()

    def beat(self) -> None:
        """Report once."""
        runtime = self._member.runtime
        with use_runtime(runtime), use_context(NOWHERE), runtime.database.platform_session() as session:
            with session.begin():
                self._review(session.connection())
            quarantined = {name: str(problem) for name, problem in self._member.assembly.quarantined.items()}
            with session.begin():
                fleet.report(session, self._id, {**self._row, "out": {**quarantined, **runtime.standing.out()}})

    def _leave(self) -> None:
        try:
            with use_context(NOWHERE), self._member.runtime.database.platform_session() as session, session.begin():
                fleet.leave(session, self._id)
        except SQLAlchemyError:
            log.warning("fleet_not_left")  # its row counts as dead soon


@contextmanager
def heart(member: Member, kind: Kind, review: Callable[[Connection], None]) -> Iterator[None]:
    """Have a heart beat in a thread of its own while the block runs.

    Args:
        member: The process.
        kind: What it is.
        review: Looks at the database, given a connection.
    """
    stop = threading.Event()
    thread = threading.Thread(
        target=Heartbeat(member, kind, review).run, args=(stop,), name="orion-heartbeat", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(BEAT_SECONDS)
