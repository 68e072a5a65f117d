"""Tasks: functions that run in the background, and how to ask for one."""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from orion_core.services import task_runs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

QUEUES = ("default", "long_running", "scheduled")
PROGRESS_SECONDS = 0.5
"""Progress is written at most this often; a loop may report every row."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_PARAMETERS = frozenset({"args", "session", "run"})


class TaskCancelled(Exception):
    """Somebody cancelled the run; raised by ``run.progress`` so that the task ends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """A task: a function with a name, a queue and its limits. Made by ``@task``.

    Args:
        name: ``module.verb``.
        queue: ``default``, ``long_running`` or ``scheduled``.
        function: What is called; it takes any of ``args``, ``session`` and ``run``, by name.
        takes: Which of them.
        args_model: The pydantic model of its ``args``; ``None`` if it takes none.
        title: What people call it.
        retries: How often it is tried again after a failure or the death of its worker.
        time_limit: Seconds one attempt may take.
        exclusive: Whether only one run at a time is allowed per tenant.

    Raises:
        ValueError: If a value is not as described.
    """

    name: str
    queue: str
    function: Callable[..., None]
    takes: frozenset[str]
    args_model: type[BaseModel] | None
    title: str
    retries: int
    time_limit: int
    exclusive: bool

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"task {self.name!r} must be named module.verb, in lower case")
        if self.queue not in QUEUES:
            raise ValueError(f"task {self.name!r}: there is no queue {self.queue!r}, only {', '.join(QUEUES)}")
        if unknown := self.takes - _PARAMETERS:
            raise ValueError(f"task {self.name!r} may take args, session and run, not {', '.join(sorted(unknown))}")
        if self.retries < 0 or self.time_limit <= 0:
            raise ValueError(f"task {self.name!r} needs retries >= 0 and a time_limit > 0")

    def parse(self, args: BaseModel | Mapping[str, Any] | None) -> BaseModel | None:
        """Return the arguments as the task's model.

        Args:
            args: The model or its plain values.

        Raises:
            ValidationError: If they do not fit.
            TypeError: If there are arguments but the task takes none.
        """
        if self.args_model is None:
            if args:
                raise TypeError(f"task {self.name!r} takes no arguments")
            return None
        return self.args_model.model_validate({} if args is None else args)


def task(
    name: str,
    *,
    queue: str = "default",
    title: str = "",
    retries: int = 3,
    time_limit: int = 300,
    exclusive: bool = False,
) -> Callable[[Callable[..., None]], TaskDefinition]:
    """Turn a function into a task.

    The function says by its parameters what it needs: ``args``, a pydantic model of ids and plain values;
    ``session``, then the whole function is one transaction; ``run``, a ``RunningTask``, then it opens its units
    of work itself, reports progress and can resume. The session of a run without a tenant is platform-wide.

    Args:
        name: ``module.verb``.
        queue: ``default``, ``long_running`` or ``scheduled``.
        title: What people call it; made from the name if empty.
        retries: How often it is tried again after a failure or the death of its worker.
        time_limit: Seconds one attempt may take; it then fails like by an exception.
        exclusive: Whether only one run at a time is allowed per tenant; others wait.

    Raises:
        ValueError: If a limit or name is not as described, or the function takes anything else.
        TypeError: If ``args`` is no pydantic model.
    """

    def define(function: Callable[..., None]) -> TaskDefinition:
        parameters = inspect.signature(function).parameters
        return TaskDefinition(
            name=name,
            queue=queue,
            function=function,
            takes=frozenset(parameters),
            args_model=_args_model(name, function) if "args" in parameters else None,
            title=title or name.rpartition(".")[2].replace("_", " ").capitalize(),
            retries=retries,
            time_limit=time_limit,
            exclusive=exclusive,
        )

    return define


def _args_model(name: str, function: Callable[..., None]) -> type[BaseModel]:
    # Only this one hint is read: the others may name what is imported for type checkers only.
    hint = SimpleNamespace(__annotations__={"args": inspect.get_annotations(function).get("args")})
    model = get_type_hints(hint, globalns=function.__globals__)["args"]
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"task {name!r}: the type of args must be a pydantic model")
    return model


def enqueue(
    session: Session,
    definition: TaskDefinition,
    args: BaseModel | Mapping[str, Any] | None = None,
    *,
    not_before: datetime | None = None,
) -> UUID:
    """Ask for a run of a task, for the current tenant, once the running transaction has committed.

    Args:
        session: The session of the change that asks for it; if that rolls back, nothing happens.
        definition: The task.
        args: Its arguments. Never a secret: they are stored as they are.
        not_before: Earliest time of the run; at once if not given.

    Returns:
        The run's id.

    Raises:
        ValidationError: If the arguments do not fit the task's model.
    """
    return task_runs.record(session, definition, definition.parse(args), not_before)


def cancel_run(session: Session, run_id: UUID) -> None:
    """Cancel a run: a waiting one at once, a running one when it next reports progress.

    Args:
        session: A session that sees the run.
        run_id: The run; one that has ended stays as it is.

    Raises:
        NotFound: If there is no such run.
    """
    task_runs.cancel(session, run_id)


def retry_run(session: Session, run_id: UUID) -> None:
    """Allow a failed or cancelled run one more attempt, from the state it saved last.

    Args:
        session: A session that sees the run.
        run_id: The run.

    Raises:
        NotFound: If there is no such run.
        Conflict: If it has neither failed nor been cancelled.
    """
    task_runs.retry(session, run_id)


@dataclass(slots=True)
class RunningTask:
    """The run a task works for.

    Args:
        id: Its id.
        attempt: Which attempt this is, from 1.
        state: What an earlier attempt saved; empty on the first.
    """

    id: UUID
    attempt: int
    state: dict[str, Any]
    outcome: dict[str, Any] | None = field(default=None, init=False)
    """What the run is to leave behind when it succeeds."""
    _next_report: float = field(default=0.0, init=False)

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Report how far the run got, in a small transaction of its own, and stop here if it was cancelled.

        Args:
            done: How many items are done.
            total: How many there are, if known.
            message: What is going on.

        Raises:
            TaskCancelled: If somebody cancelled the run.
        """
        now = time.monotonic()
        if now < self._next_report and done != total:
            return
        self._next_report = now + PROGRESS_SECONDS
        if task_runs.report(self.id, self.attempt, done, total, message):
            raise TaskCancelled

    def save_state(self, session: Session, state: dict[str, Any]) -> None:
        """Remember, together with what the caller's transaction changes, where to resume.

        Args:
            session: The session of the change. It must see the run: same tenant, or platform-wide.
            state: Plain values; they replace what was saved before.

        Raises:
            RunSuperseded: If another worker took the run over; let it roll the transaction back.
        """
        task_runs.save_state(session, self.id, self.attempt, state)
        self.state = state

    def result(self, values: dict[str, Any]) -> None:
        """Set what the run leaves behind when it succeeds.

        Args:
            values: Plain values for whoever looks at the run.
        """
        self.outcome = values
