"""A worker, relay or beat of the sample installation in a process of its own, to be killed."""

import os
import signal
import sys
import threading

from orion_core.runtime import Runtime
from orion_core.tasks import QUEUES
from orion_host.background.app import create_celery, run_worker
from orion_host.background.beat import run_beat
from orion_host.background.relay import run_relay
from orion_host.background.sender import CelerySender
from orion_host.logs import configure_logging
from tests.host.background.installation import SampleAssembly, open_runtime


def main(kind: str) -> int:
    configure_logging("INFO")
    broker_url = os.environ["BROKER_URL"]
    assembly, sender = SampleAssembly(), CelerySender(broker_url)

    def runtime() -> Runtime:
        return open_runtime(assembly, os.environ["APP_URL"], os.environ["PLATFORM_URL"], sender)

    if kind == "worker":
        return run_worker(create_celery(assembly, runtime, broker_url), QUEUES, int(os.environ["CONCURRENCY"]))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if kind == "relay":
        run_relay(runtime(), sender, stop)
    else:
        run_beat(runtime(), stop)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
