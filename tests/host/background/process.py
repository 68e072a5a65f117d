"""A worker, relay, beat or web of the sample installation in a process of its own, to be killed."""

import os
import signal
import sys
import threading

from orion_core import ScheduledTask
from orion_core.runtime import Runtime
from orion_core.tasks import QUEUES
from orion_host.background.app import create_celery, run_worker
from orion_host.background.beat import run_beat
from orion_host.background.relay import run_relay
from orion_host.background.sender import CelerySender
from orion_host.logs import configure_logging
from tests.host.background.installation import SCHEDULE, SampleAssembly, open_runtime
from tests.host.background.publisher import Wishes, publish


def main(kind: str) -> int:
    configure_logging("INFO")
    broker_url = os.environ["BROKER_URL"]
    assembly, sender = SampleAssembly(schedule=schedule()), CelerySender(broker_url)

    def runtime() -> Runtime:
        return open_runtime(assembly, os.environ["APP_URL"], os.environ["PLATFORM_URL"], sender)

    if kind == "worker":
        return run_worker(create_celery(assembly, runtime, broker_url), QUEUES, int(os.environ["CONCURRENCY"]))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if kind == "relay":
        run_relay(runtime(), sender, stop)
    elif kind == "web":
        publish(runtime(), Wishes.model_validate_json(os.environ["WISHES"]), stop)
    else:
        run_beat(runtime(), stop)
    return 0


def schedule() -> tuple[ScheduledTask, ...]:
    cron = os.environ.get("TICK_CRON")
    return (ScheduledTask(task="sample.tick", cron=cron),) if cron else SCHEDULE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
