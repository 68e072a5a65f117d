"""The stage of background tests: a database with the tables, a broker, tenants, processes that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import create_engine, text

from orion_core.context import PlatformRef, RequestContext
from orion_core.db import METADATA
from orion_core.db.operations import SCOPES, policy_statements
from orion_core.ids import new_id
from orion_core.models.fleet import Process, Subscription
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.models.records import AuditEntry
from orion_core.models.task_run import ScheduleMark, TaskRun
from orion_core.runtime import Runtime, use_runtime
from orion_core.tasks import QUEUES
from orion_host.embedded import EmbeddedPostgres, EmbeddedValkey, PostgresUrls
from tests.host.background import sample
from tests.host.background.installation import SampleAssembly, open_runtime, platform_ref, tenant

ROOT = Path(__file__).parents[3]
POLICIES = {
    TaskRun: SCOPES["owner"],
    OutboxEvent: SCOPES["owner"],
    EventDelivery: SCOPES["owner"],
    ScheduleMark: "false",
    Process: "false",
    Subscription: "false",
    AuditEntry: SCOPES["owner"],
}
RIGHTS = (
    "GRANT USAGE ON SCHEMA core TO orion_app, orion_platform",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core TO orion_app, orion_platform",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA core TO orion_app, orion_platform",
    "REVOKE UPDATE, DELETE ON core.outbox_event FROM orion_app",
    "REVOKE INSERT, DELETE ON core.event_delivery FROM orion_app",
)
TRUNCATE = (
    "TRUNCATE core.task_run, core.outbox_event, core.event_delivery, core.schedule_mark, core.audit_entry,"
    " core.process, core.subscription,"
    " sample.platform, sample.store, sample.effect, sample.sign, sample.counter, sample.intent, sample.asked,"
    " sample.moved RESTART IDENTITY"
)


@dataclass(frozen=True)
class Servers:
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey

    @property
    def urls(self) -> PostgresUrls:
        return self.postgres.urls()


@contextmanager
def run_servers(folder: Path) -> Iterator[Servers]:
    """Run a database with the tables of tasks and events, and a broker."""
    with EmbeddedPostgres(folder, durable=False) as postgres, EmbeddedValkey(folder, durable=False) as valkey:
        make_tables(postgres.urls().owner)
        yield Servers(postgres, valkey)


def make_tables(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA core"))
        METADATA.create_all(connection, tables=[METADATA.tables[f"core.{model.__tablename__}"] for model in POLICIES])
        policies = [
            line for model, using in POLICIES.items() for line in policy_statements("core", model.__tablename__, using)
        ]
        for statement in (*policies, *RIGHTS, *sample.TABLES):
            connection.execute(text(statement))
    engine.dispose()


@dataclass
class SentTasks:
    """A sender that remembers instead of sending."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    delivered: list[list[UUID]] = field(default_factory=list)
    broken: bool = False
    waiting: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUEUES, 0))

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:
        if self.broken:
            raise ConnectionError("the broker is away")
        self.sent.append((name, queue, run_id))

    def send_deliveries(self, delivery_ids: Sequence[UUID]) -> None:
        self.delivered.append(list(delivery_ids))

    def depths(self) -> dict[str, int]:
        return self.waiting

    def taken(self) -> list[UUID]:
        """Take the deliveries that were sent."""
        messages, self.delivered = self.delivered, []
        return [delivery for message in messages for delivery in message]


@dataclass
class Stage:
    """One test's installation: empty tables, one platform with two stores."""

    servers: Servers
    runtime: Runtime
    tasks: SentTasks
    broker_url: str
    owner: psycopg.Connection[dict[str, Any]]
    platform: PlatformRef
    stores: tuple[RequestContext, RequestContext]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    connections: list[psycopg.Connection[Any]] = field(default_factory=list)

    def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Run a query as the owner, who sees all rows."""
        cursor = self.owner.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def reconnect(self) -> None:
        """Open the owner's connection anew, after the database was killed."""
        self.owner.close()
        self.owner = connect_as_owner(self.servers)

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of the owner that is in nobody's way until it locks something."""
        connection = psycopg.connect(self.servers.urls.owner.replace("+psycopg", ""))
        self.connections.append(connection)
        return connection

    def effects(self) -> list[str]:
        return [row["what"] for row in self.sql("SELECT what FROM sample.effect ORDER BY id")]

    def run(self, run_id: UUID) -> dict[str, Any]:
        return self.sql("SELECT * FROM core.task_run WHERE id = %s", run_id)[0]

    def deliveries(self, subscriber: str) -> list[dict[str, Any]]:
        return self.sql("SELECT * FROM core.event_delivery WHERE subscriber = %s ORDER BY position", subscriber)

    def sign(self, name: str) -> None:
        self.sql("INSERT INTO sample.sign VALUES (%s)", name)

    def waiting_pids(self) -> list[int]:
        """Return the processes that wait for the sign to go."""
        rows = self.sql("SELECT name FROM sample.sign WHERE name LIKE 'waiting %%'")
        return [int(row["name"].split()[1]) for row in rows]

    def let_time_pass(self) -> None:
        """Move everything that waits for its time, or for a dead worker's lease, to the present."""
        self.sql("UPDATE core.event_delivery SET next_attempt_at = now() - interval '1 s'")
        self.sql("UPDATE core.task_run SET not_before = now() - interval '1 s'")

    def start(self, kind: str, *, concurrency: int = 2, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker, relay, beat or web, in a process group of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.host.background.process", kind],
            cwd=ROOT,
            env=os.environ
            | {
                "APP_URL": self.servers.urls.app,
                "PLATFORM_URL": self.servers.urls.platform,
                "BROKER_URL": self.broker_url,
                "CONCURRENCY": str(concurrency),
                **environment,
            },
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """End what the test started."""
        self.owner.close()
        for connection in self.connections:
            connection.close()
        for process in self.started:
            kill_group(process)


@pytest.fixture
def stage(servers: Servers, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with ExitStack() as stack:
        owner = connect_as_owner(servers)
        tasks = SentTasks()
        runtime = open_runtime(SampleAssembly(), servers.urls.app, servers.urls.platform, tasks)
        stack.callback(runtime.database.close)
        owner.execute(TRUNCATE)
        platform = platform_ref(new_id())
        owner.execute("INSERT INTO sample.platform (id) VALUES (%s)", [platform.id])
        stores = (_store(platform), _store(platform))
        stack.enter_context(use_runtime(runtime))
        made = Stage(servers, runtime, tasks, servers.valkey.url(), owner, platform, stores)
        stack.callback(made.end)
        yield made


def connect_as_owner(servers: Servers) -> psycopg.Connection[dict[str, Any]]:
    return psycopg.connect(servers.urls.owner.replace("+psycopg", ""), autocommit=True, row_factory=dict_row)


def _store(platform: PlatformRef) -> RequestContext:
    return RequestContext(tenant=tenant(platform, new_id(), new_id()), locale="de", request_id=new_id().hex)


def kill_and_start(server: EmbeddedPostgres | EmbeddedValkey) -> None:
    """Kill a server with no chance to tidy up, and start it again."""
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.running)
    server.start()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children at once, with no chance to tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait until a condition holds and return what it returned."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.03)
    raise AssertionError(f"did not become true within {seconds} s")
