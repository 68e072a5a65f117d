"""Start and end of a process, told to every module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from orion_core.db import Database
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Host:
    """What ``orion_startup`` and ``orion_shutdown`` are given."""

    assembly: Assembly
    runtime: Runtime

    @property
    def database(self) -> Database:
        """The process's database."""
        return self.runtime.database


@contextmanager
def running(assembly: Assembly, runtime: Runtime) -> Iterator[Host]:
    """Tell modules of the start, run the block, tell them of the end and close the database.

    Args:
        assembly: Whose modules.
        runtime: The process's runtime; current inside the block.

    Yields:
        The host.
    """
    host = Host(assembly, runtime)
    with use_runtime(runtime):
        try:
            for _, start in assembly.implementations("orion_startup"):
                start(host=host)
            yield host
        finally:
            for module, stop in reversed(assembly.implementations("orion_shutdown")):
                try:
                    stop(host=host)
                except Exception:  # the others still have to be told
                    log.exception("orion_shutdown failed", module=module)
            runtime.database.close()
