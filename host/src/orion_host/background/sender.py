"""Hands ids of runs and deliveries to the broker, through Celery."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from celery import Celery  # type: ignore[import-untyped]
from kombu.exceptions import ChannelError, OperationalError

from orion_core.tasks import QUEUES

DELIVER = "core.deliver_event"
"""Name of the message that has a worker deliver events."""
DELIVERY_QUEUE = "default"
VISIBILITY_SECONDS = 600
BROKER_ERRORS = (OperationalError, ConnectionError)
"""What sending and asking raise when the broker is away."""


def connect(broker_url: str, *, visibility_seconds: int = VISIBILITY_SECONDS) -> Celery:
    """Return a Celery app without tasks; nothing connects before it is used.

    The settings follow measurements of Celery 5.7 on Valkey (2026-11): ``acks_late`` alone loses the message of a
    killed child, and without the two ``unacked_restore`` options a killed worker's messages come back after
    minutes only. A worker whose children are not up within ``worker_proc_alive_timeout`` (else 4 s) ends, which
    happened on a busy machine.

    Args:
        broker_url: Valkey, Redis or RabbitMQ.
        visibility_seconds: When the broker gives an unacknowledged message to another worker; longer than any task.
    """
    app = Celery("orion", broker=broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(broker_url, visibility_seconds),
        result_backend=None,
        task_acks_late=True,
        task_default_queue="default",
        task_ignore_result=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
        task_reject_on_worker_lost=True,
        task_serializer="json",
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=60,
        worker_redirect_stdouts=False,
        worker_soft_shutdown_timeout=30,
    )
    return app


def _transport_options(broker_url: str, visibility_seconds: int) -> dict[str, Any]:
    if not broker_url.startswith(("redis", "sentinel")):
        return {}
    return {
        "socket_connect_timeout": 3,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "visibility_timeout": visibility_seconds,
    }


class CelerySender:
    """The sender of every process that is not a test.

    Args:
        broker_url: Valkey, Redis or RabbitMQ.
    """

    def __init__(self, broker_url: str) -> None:
        self._app = connect(broker_url)

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:
        """Send a task run; the message carries nothing but its id.

        Args:
            name: The task.
            queue: Its queue.
            run_id: The run.
            headers: For those who watch the broker.

        Raises:
            OperationalError: If the broker does not take it.
        """
        self._app.send_task(name, args=(run_id,), queue=queue, headers=headers)

    def send_deliveries(self, delivery_ids: Sequence[UUID]) -> None:
        """Send deliveries of events, all in one message.

        Args:
            delivery_ids: The deliveries.

        Raises:
            OperationalError: If the broker does not take it.
        """
        self._app.send_task(DELIVER, args=([str(each) for each in delivery_ids],), queue=DELIVERY_QUEUE)

    def depths(self) -> dict[str, int]:
        """Return how many messages wait in each queue.

        Raises:
            OperationalError: If the broker does not answer.
        """
        with self._app.connection_or_acquire() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.2)
            return {queue: _depth(connection.default_channel, queue) for queue in QUEUES}

    def close(self) -> None:
        """Close its connections."""
        self._app.close()


class NullSender:
    """Sends nothing: for commands that work while no broker runs; the relay finds what they queued."""

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:
        """Do nothing."""


def _depth(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except ChannelError:
        return 0  # a queue is made by its first message
