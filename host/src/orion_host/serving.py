"""The long-running processes: web, worker, beat, relay, each from the same assembly and settings."""

import gc
import signal
import sys
import threading
import warnings

from orion_core.runtime import Runtime
from orion_host.assembly import Assembly, Policy, assemble
from orion_host.background.sender import CelerySender
from orion_host.lifecycle import running
from orion_host.logs import configure_logging
from orion_host.process import open_runtime
from orion_host.settings import HostSettings
from orion_host.up.processes import end_with_parent


def serve_web(host: str, port: int, *, trusted_proxies: str) -> None:
    """Serve the web application until the process is told to stop.

    Args:
        host: Address to listen on.
        port: Port to listen on.
        trusted_proxies: Addresses of proxies whose forwarding headers are believed.
    """
    import uvicorn

    from orion_host.web.app import create_app

    settings = _settings()
    assembly = assemble(policy=_policy(settings))
    app = create_app(assembly, _runtime(assembly, settings))
    # What was loaded so far stays: the collector need not look through it again (0.2 s each time) while people wait.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=trusted_proxies,
        timeout_graceful_shutdown=5,
    )


def _settings() -> HostSettings:
    end_with_parent()
    settings = HostSettings()
    configure_logging(settings.log_level, readable=settings.debug)
    return settings


def _policy(settings: HostSettings) -> Policy:
    """A serving process outlives a broken module, unless told otherwise or in development."""
    return settings.on_module_error or ("strict" if settings.debug else "quarantine")


def _runtime(assembly: Assembly, settings: HostSettings) -> Runtime:
    return open_runtime(assembly, settings, CelerySender(settings.require("broker_url")))


def serve_worker(queues: list[str], concurrency: int) -> None:
    """Run background tasks until the process is told to stop.

    Args:
        queues: Queues to take from.
        concurrency: Number of processes.
    """
    from celery.exceptions import SecurityWarning  # type: ignore[import-untyped]
    from celery.signals import worker_process_shutdown  # type: ignore[import-untyped]

    from orion_host.background.app import create_celery, run_worker

    # Celery warns root because of pickled messages; ours are JSON and nothing else is accepted.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    settings = _settings()
    assembly = assemble(policy=_policy(settings), web=False)

    def begin() -> Runtime:
        life = running(assembly, _runtime(assembly, settings), "worker")
        worker_process_shutdown.connect(lambda **_: life.__exit__(None, None, None), weak=False)
        return life.__enter__().runtime

    celery = create_celery(assembly, begin, settings.require("broker_url"))
    sys.exit(run_worker(celery, queues, concurrency))


def serve_beat() -> None:
    """Start scheduled tasks until the process is told to stop."""
    from orion_host.background.beat import run_beat

    settings = _settings()
    assembly = assemble(policy=_policy(settings), web=False)
    with running(assembly, _runtime(assembly, settings), "beat") as host:
        run_beat(host.runtime, _until_told_to_stop())


def serve_relay() -> None:
    """Hand events and queued tasks to workers until the process is told to stop."""
    from orion_host.background.relay import run_relay

    settings = _settings()
    assembly = assemble(policy=_policy(settings), web=False)
    sender = CelerySender(settings.require("broker_url"))
    with running(assembly, open_runtime(assembly, settings, sender), "relay") as host:
        run_relay(host.runtime, sender, _until_told_to_stop())


def _until_told_to_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop
