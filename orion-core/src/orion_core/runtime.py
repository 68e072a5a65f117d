"""The running host as modules see it, reached through a context variable so that nothing is global."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from orion_core.context import current_context

if TYPE_CHECKING:
    from email.message import EmailMessage

    from cryptography.fernet import MultiFernet
    from jinja2 import Environment

    from orion_core.db.session import Database
    from orion_core.definition import ModuleDefinition
    from orion_core.tasks import TaskDefinition


class TaskSender(Protocol):
    """Hands a queued task run to the broker."""

    def send(self, name: str, queue: str, run_id: str, headers: dict[str, str]) -> None:
        """Send the run; raise if the broker does not take it (the relay sends it again)."""


class MailNotSent(Exception):
    """The mail server did not take a mail.

    Args:
        reason: What it said.
        permanent: Whether trying again is no use.
    """

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class MailTransport(Protocol):
    """Hands mail to the world."""

    @property
    def sender(self) -> str:
        """Address that mail comes from."""

    @property
    def delivers(self) -> bool:
        """Whether mail leaves the house at all; otherwise it is caught, that is kept and shown."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            MailNotSent: If it was not taken.
        """


@dataclass(frozen=True, slots=True)
class CatchingMail:
    """The transport of an installation without a mail server, and of tests: nothing leaves the house.

    Args:
        sender: Address that mail would come from.
    """

    sender: str = "orion@localhost"
    delivers: bool = field(default=False, init=False)

    def send(self, message: EmailMessage) -> None:  # noqa: ARG002
        """Refuse: what is caught is never handed over."""
        raise MailNotSent("there is no mail server", permanent=True)


class ModuleView(Protocol):
    """The part of a loaded module that others may read."""

    @property
    def definition(self) -> ModuleDefinition:
        """What the module says it is."""


class AssemblyView(Protocol):
    """The part of the host's assembly that modules may read."""

    @property
    def modules(self) -> Mapping[str, ModuleView]:
        """Loaded modules by name, in dependency order."""

    @property
    def quarantined(self) -> Mapping[str, Any]:
        """Installed modules that were left out because of errors, each with the reason."""

    @property
    def tasks(self) -> Sequence[tuple[str, TaskDefinition]]:
        """Defined tasks, as pairs of module name and task."""

    def contributions(self, hook: str) -> list[tuple[str, Any]]:
        """Return what ``hook`` collected, as pairs of module name and item."""

    def implementations(self, hook: str) -> list[tuple[str, Callable[..., Any]]]:
        """Return who implements ``hook``, as pairs of module name and function taking keyword arguments."""


class Standing:
    """Which loaded modules take no part in this process just now; the host keeps it, everybody may ask."""

    def __init__(self) -> None:
        self._out: Mapping[str, str] = {}

    def out(self) -> Mapping[str, str]:
        """Return these modules, those that require one of them included, each with the reason."""
        return self._out

    def settle(self, out: Mapping[str, str]) -> None:
        """Replace them.

        Args:
            out: Each with the reason, which readiness tells everybody.
        """
        self._out = dict(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What a running process offers to the modules in it.

    Args:
        assembly: What is installed and what it contributed.
        database: The two ways into the database.
        cipher: Keys for secrets at rest, newest first.
        tasks: Where queued tasks are handed over.
        standing: Which modules take no part just now.
        templates: The one Jinja environment; ``None`` until a process that renders no pages needs it.
        make_templates: Makes it there, once, when the first mail is rendered.
        mailer: Hands mail to the world.
        public_url: What absolute links start with, without a slash at the end.
        debug: Whether this is a development process.
    """

    assembly: AssemblyView
    database: Database
    cipher: MultiFernet
    tasks: TaskSender
    standing: Standing = field(default_factory=Standing)
    templates: Environment | None = None
    make_templates: Callable[[], Environment] | None = None
    mailer: MailTransport = field(default_factory=CatchingMail)
    public_url: str = "http://127.0.0.1:8000"
    debug: bool = False

    def environment(self) -> Environment:
        """Return the Jinja environment, also where no pages are rendered.

        Raises:
            LookupError: If this process renders nothing at all.
        """
        found = self.templates or (self.make_templates() if self.make_templates else None)
        if found is None:
            raise LookupError("this process renders nothing")
        return found


_current: ContextVar[Runtime | None] = ContextVar("orion_runtime", default=None)


def current_runtime() -> Runtime:
    """Return the runtime of this request, task or command.

    Raises:
        LookupError: Outside of any; a test then lacks the ``runtime`` fixture.
    """
    runtime = _current.get()
    if runtime is None:
        raise LookupError("no Orion process is running here; wrap the call in use_runtime(...)")
    return runtime


def ask_modules(hook: str, **arguments: Any) -> list[tuple[str, Any]]:
    """Ask the modules that implement a hook which another module offers, and that are on where this takes place.

    Args:
        hook: Name of the hook.
        arguments: All arguments of its specification.

    Returns:
        Pairs of module name and answer, in dependency order. An exception of one of them is the caller's.
    """
    context = current_context()
    implementations = current_runtime().assembly.implementations(hook)
    return [(module, ask(**arguments)) for module, ask in implementations if context.module_is_on(module)]


@contextmanager
def use_runtime(runtime: Runtime) -> Iterator[Runtime]:
    """Make ``runtime`` the current one inside the block.

    Args:
        runtime: The runtime to work under.

    Yields:
        The same runtime.
    """
    token = _current.set(runtime)
    try:
        yield runtime
    finally:
        _current.reset(token)
