"""Start and end of a process, told to every module; one whose start-up fails is left out, the rest goes on."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from orion_core import OrionError, Tier
from orion_core.db import Database
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly
from orion_host.fleet import Kind, heart
from orion_host.migrations.heads import applied_revisions
from orion_host.standing import StandingKeeper

log = structlog.get_logger(__name__)


class ModuleCannotStart(OrionError):
    """A module that must take part cannot: of the core tier, or any under the strict policy."""

    code = "module_cannot_start"


@dataclass(frozen=True, slots=True)
class Host:
    """What ``orion_startup`` and ``orion_shutdown`` are given."""

    assembly: Assembly
    runtime: Runtime

    @property
    def database(self) -> Database:
        """The process's database."""
        return self.runtime.database


class Life:
    """The modules of one process from their start to their end.

    Args:
        host: The process.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._standing = StandingKeeper(host.assembly, host.runtime.standing)
        self._started: set[str] = set()

    def begin(self) -> None:
        """Start the modules whose tables are ready.

        Raises:
            ModuleCannotStart: If one that must take part cannot.
        """
        try:
            with self._host.database.platform.connect() as connection:
                self._standing.compare(applied_revisions(connection))
        except OperationalError:
            log.exception("database_away")  # readiness says so, and the heartbeat looks again
        self._refuse()
        self._start()
        self._refuse()

    def review(self, connection: Connection) -> None:
        """Look at the database again, and start what has become ready since.

        Args:
            connection: Of the platform-wide role.
        """
        self._standing.compare(applied_revisions(connection))
        self._start()

    def end(self) -> None:
        """Tell what was started, in reverse order, that the process ends."""
        for module, stop in reversed(self._host.assembly.implementations("orion_shutdown")):
            if module in self._started:
                try:
                    stop(host=self._host)
                except Exception:  # the others still have to be told
                    log.exception("orion_shutdown failed", module=module)

    def _start(self) -> None:
        starts = dict(self._host.assembly.implementations("orion_startup"))
        for module in self._host.assembly.modules:
            if module in self._started or module in self._host.runtime.standing.out():
                continue
            self._started.add(module)
            try:
                if module in starts:
                    starts[module](host=self._host)
            except Exception as error:
                log.exception("orion_startup failed", module=module)
                self._standing.fail(module, f"its start-up raised {type(error).__name__}; the log says more")

    def _refuse(self) -> None:
        """Raise if a module is out that the platform must not run without."""
        modules, strict = self._host.assembly.modules, self._host.assembly.policy == "strict"
        fatal = [
            f"{module}: {reason}"
            for module, reason in self._host.runtime.standing.out().items()
            if strict or modules[module].definition.tier is Tier.CORE
        ]
        if fatal:
            raise ModuleCannotStart("\n  ".join(["these modules cannot take part:", *fatal]))


@contextmanager
def running(assembly: Assembly, runtime: Runtime, kind: Kind | None = None) -> Iterator[Host]:
    """Start the modules, run the block, tell them of the end and close the database.

    Args:
        assembly: Whose modules.
        runtime: The process's runtime; current inside the block.
        kind: What the process is to the fleet; one that is not part of it reports nothing.

    Yields:
        The host.

    Raises:
        ModuleCannotStart: If a module that must take part cannot.
    """
    host = Host(assembly, runtime)
    life = Life(host)
    with use_runtime(runtime):
        try:
            life.begin()
            with heart(host, kind, life.review) if kind else nullcontext():
                yield host
        finally:
            life.end()
            runtime.database.close()
