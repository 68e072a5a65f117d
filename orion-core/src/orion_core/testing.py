"""What tests of modules annotate with; name it in a conftest and the host's fixtures come along.

Write ``pytest_plugins = ["orion_core.testing"]`` in ``tests/conftest.py``. The fixtures run real servers and so stand
in the host (``orion-commerce-host[testing]``); they are loaded by name, because core never imports the host.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from starlette.testclient import TestClient

from orion_core.context import RequestContext
from orion_core.runtime import AssemblyView, Runtime

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import BaseModel

    from orion_core.tasks import TaskDefinition

pytest_plugins = ("orion_host.testing",)


class DatabaseUrls(Protocol):
    """SQLAlchemy addresses of one database, one for each role."""

    @property
    def owner(self) -> str:
        """For the role that owns the schemas."""

    @property
    def app(self) -> str:
        """For the role that sees the current tenant."""

    @property
    def platform(self) -> str:
        """For the role that sees all tenants."""


@dataclass(slots=True)
class SentTasks:
    """A task sender that remembers what it was given instead of sending it."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:  # noqa: ARG002
        """Remember a run as pair of task name and run id."""
        self.sent.append((name, run_id))


@dataclass(frozen=True, slots=True)
class Stage:
    """An installation to test on: all installed modules, a migrated database, a web application.

    Args:
        assembly: What is installed.
        urls: Its database.
        runtime: What a process there works with.
        app: The web application.
        tasks: What was handed to the broker.
    """

    assembly: AssemblyView
    urls: DatabaseUrls
    runtime: Runtime
    app: "FastAPI"
    tasks: SentTasks

    def client(self, cookies: Mapping[str, str] | None = None) -> TestClient:
        """Return a browser-like client with cookies of its own; it does not follow redirects.

        Args:
            cookies: Those it has from the start.
        """
        client = TestClient(self.app, follow_redirects=False, raise_server_exceptions=False)
        client.cookies.update(dict(cookies or {}))
        return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Two stores of different merchants with their teams: the fixture ``market``.

    Args:
        stage: The installation they are in.
        mine: Context of the store the test works for.
        other: Context of a store that must notice nothing.
        sessions: Cookies of who is signed in, by role.
    """

    stage: Stage
    mine: RequestContext
    other: RequestContext
    sessions: Mapping[str, Mapping[str, str]]

    def client(self, role: str = "") -> TestClient:
        """Return a client that is signed in.

        Args:
            role: ``admin`` (platform admin), ``owner`` (merchant owner of ``mine``), ``other_owner`` (of ``other``),
                or a preset role of ``mine``: ``manager``, ``staff``, ``support``, ``viewer``, ``marketing``. Empty
                for an anonymous shopper.

        Raises:
            LookupError: If nobody has that role.
        """
        if role and role not in self.sessions:
            raise LookupError(f"nobody here is {role!r}; there are {', '.join(sorted(self.sessions))}")
        return self.stage.client(self.sessions[role] if role else None)


class Outbox(Protocol):
    """The events published on the test's installation: the fixture ``outbox``."""

    def published(self, event_type: str = "") -> list[dict[str, Any]]:
        """Return the payloads of published events, oldest first.

        Args:
            event_type: Only those of this type.
        """

    def deliver(self) -> int:
        """Deliver what was published to all subscribers, here and now, and what that publishes in turn.

        Returns:
            How many deliveries were made.

        Raises:
            AssertionError: If a subscriber failed; the message says which and why.
        """


class Worker(Protocol):
    """Works task runs off in the test's own process: the fixture ``worker``."""

    def run(
        self, task: "TaskDefinition", args: "BaseModel | Mapping[str, Any] | None" = None, *, wait: bool = True
    ) -> dict[str, Any] | None:
        """Ask for a run in the current context and work it off.

        Args:
            task: The task.
            args: Its arguments.
            wait: Whether to work it off at once; otherwise ``run_all`` does.

        Returns:
            What the run left behind.

        Raises:
            AssertionError: If it did not succeed; the message says why.
        """

    def run_all(self) -> list[str]:
        """Work off what was handed to the broker, in order, and return the tasks' names.

        Raises:
            AssertionError: If one did not succeed.
        """


class Clock(Protocol):
    """The time as Python code of the test sees it: the fixture ``clock``. PostgreSQL keeps its own."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""

    def move_to(self, moment: datetime) -> None:
        """Go on from another moment.

        Args:
            moment: With a time zone.
        """

    def advance(self, by: timedelta) -> None:
        """Go on that much later.

        Args:
            by: How much.
        """


class Conformance(Protocol):
    """The conformance suite for one module: the fixture ``conformance``."""

    @property
    def module(self) -> str:
        """The module's name."""

    def findings(self, check: str) -> list[Any]:
        """Return what a check has found; an empty list means that the promise is kept.

        Args:
            check: The check's code; the fixture ``conformance_check`` gives one after another.
        """
