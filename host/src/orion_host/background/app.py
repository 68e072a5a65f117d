"""The Celery app: one Celery task per task of a module, and one that delivers events."""

import logging
import os
import socket
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from celery import Celery  # type: ignore[import-untyped]
from celery.signals import setup_logging, worker_process_init  # type: ignore[import-untyped]

from orion_core.runtime import AssemblyView, Runtime, use_runtime
from orion_core.tasks import TaskDefinition
from orion_host.background.catalogue import Catalogue
from orion_host.background.delivery import DELIVERY_SECONDS, deliver
from orion_host.background.execution import execute
from orion_host.background.places import Places
from orion_host.background.sender import DELIVER, VISIBILITY_SECONDS, connect

GRACE_SECONDS = 5
"""Between the exception that tells a task its time is up and the end of its process."""


class WorkerProcess:
    """What a worker process works with, made in the process that uses it: connections must not cross a fork.

    Args:
        catalogue: What can run.
        open_runtime: Makes the runtime.
    """

    def __init__(self, catalogue: Catalogue, open_runtime: Callable[[], Runtime]) -> None:
        self._catalogue = catalogue
        self._open_runtime = open_runtime
        self._opened: tuple[int, Runtime, Places] | None = None

    def open(self, **_: Any) -> None:
        """Make the runtime now, when the process starts, rather than with its first task."""
        self._here()

    def run(self, definition: TaskDefinition, run_id: str) -> None:
        """Work off a task run."""
        runtime, places = self._here()
        with use_runtime(runtime):
            execute(places, definition, UUID(run_id))

    def deliver(self, delivery_ids: list[str]) -> None:
        """Deliver events."""
        runtime, places = self._here()
        with use_runtime(runtime):
            deliver(places, self._catalogue, [UUID(delivery_id) for delivery_id in delivery_ids])

    def _here(self) -> tuple[Runtime, Places]:
        if self._opened is None or self._opened[0] != os.getpid():
            runtime = self._open_runtime()
            self._opened = (os.getpid(), runtime, Places(runtime.assembly))
        return self._opened[1:]


def create_celery(assembly: AssemblyView, open_runtime: Callable[[], Runtime], broker_url: str) -> Celery:
    """Return the Celery app of a worker.

    Args:
        assembly: What is installed.
        open_runtime: Makes the runtime of a worker process; called once in each.
        broker_url: Valkey, Redis or RabbitMQ.
    """
    catalogue = Catalogue(assembly)
    longest = max((definition.time_limit for definition in catalogue.tasks.values()), default=0)
    celery = connect(broker_url, visibility_seconds=max(longest + 60, VISIBILITY_SECONDS))
    process = WorkerProcess(catalogue, open_runtime)
    for definition in catalogue.tasks.values():
        _register(celery, process, definition)
    _add(celery, DELIVER, process.deliver, seconds=DELIVERY_SECONDS)
    worker_process_init.connect(process.open, weak=False)
    return celery


def run_worker(celery: Celery, queues: Sequence[str], concurrency: int) -> int:
    """Run a worker until it is told to end; a first SIGTERM lets its tasks finish.

    Args:
        celery: From ``create_celery``.
        queues: Queues to take from.
        concurrency: Processes.

    Returns:
        The process's exit code.
    """
    setup_logging.connect(_keep_logging, weak=False)
    for chatty in ("celery.app.trace", "celery.worker.strategy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # a line or more per message; ours say more
    worker = celery.Worker(
        hostname=f"orion-{os.getpid()}@{socket.gethostname()}",
        queues=list(queues),
        concurrency=concurrency,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _register(celery: Celery, process: WorkerProcess, definition: TaskDefinition) -> None:
    def run(run_id: str) -> None:
        process.run(definition, run_id)

    _add(celery, definition.name, run, seconds=definition.time_limit)


def _add(celery: Celery, name: str, function: Callable[[Any], None], *, seconds: int) -> None:
    celery.task(function, name=name, soft_time_limit=seconds, time_limit=seconds + GRACE_SECONDS)


def _keep_logging(**_: Any) -> None:
    """Being connected keeps Celery from setting up logging its own way."""
