"""Runs ``orion up``: servers, migrations, demo, then the processes until Ctrl-C."""

import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from types import FrameType

from orion_core import OrionError
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.background.sender import NullSender
from orion_host.logs import configure_logging
from orion_host.migrations.runner import Migrator
from orion_host.process import open_runtime
from orion_host.settings import HostSettings
from orion_host.up.demo import Demo, demo_of, plant_demo
from orion_host.up.processes import Processes, say
from orion_host.up.servers import announced, embedded_servers, environment

READY_SECONDS = 60.0


class PortTaken(OrionError):
    """The port asked for is in use."""

    code = "port_taken"


def run(settings: HostSettings, port: int, *, demo: bool) -> None:
    """Run a whole installation until it is interrupted.

    Args:
        settings: Names the data folder.
        port: Port of the web application.
        demo: Whether to plant the demo marketplace, if it is not there yet.

    Raises:
        PortTaken: If the port is in use.
        AssemblyError: If a module is broken.
        MigrationError: If the database cannot be brought up to date.
    """
    configure_logging("WARNING", readable=True)
    _refuse_taken(port)
    assembly = assemble(policy=settings.on_module_error or "strict", web=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stopped = stack.enter_context(_Interrupts())
        say("orion", f"starting PostgreSQL and Valkey in {settings.data_dir}")
        settings = stack.enter_context(embedded_servers(settings))
        migrate(assembly, settings)
        address = f"http://127.0.0.1:{port}"
        if "public_url" not in settings.model_fields_set:
            settings = settings.model_copy(update={"public_url": address})
        planted = _demo(assembly, settings, plant=demo)
        stack.enter_context(announced(settings, address))
        processes = Processes(environment(settings))
        stack.callback(processes.stop)
        stack.callback(say, "orion", "stopping")
        for name, arguments in _commands(port).items():
            processes.start(name, *arguments)
        _wait_until_ready(address, processes, stopped)
        _welcome(address, planted)
        while not stopped.now:
            processes.tend()
            time.sleep(0.3)


def migrate(assembly: Assembly, settings: HostSettings) -> None:
    """Bring the database to the revisions the installed modules ship."""
    migrator = Migrator(settings.require("database_owner_url"), assembly.folders("migrations"))
    try:
        done = migrator.upgrade(lambda line: say("orion", f"migrate {line}"))
        say("orion", f"database is current ({len(done)} revisions applied)")
    finally:
        migrator.close()


def _commands(port: int) -> dict[str, list[str]]:
    return {
        "web": ["serve", "--port", str(port)],
        "worker": ["worker"],
        "beat": ["beat"],
        "relay": ["relay"],
    }


def _demo(assembly: Assembly, settings: HostSettings, *, plant: bool) -> Demo | None:
    runtime = open_runtime(assembly, settings, NullSender())
    try:
        with use_runtime(runtime):
            found = demo_of(runtime)
            if found is None and plant:
                say("orion", "planting the demo marketplace")
                found = plant_demo(assembly)
            return found
    finally:
        runtime.database.close()


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"port {port} is in use ({error.strerror}); choose another with --port") from error


def _wait_until_ready(address: str, processes: Processes, stopped: "_Interrupts") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stopped.now:
        processes.tend()
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            if time.monotonic() > deadline:
                raise OrionError(f"the web application did not answer within {READY_SECONDS:.0f} s") from None
            time.sleep(0.2)


def _welcome(address: str, demo: Demo | None) -> None:
    lines = ["", f"  Orion is ready at {address}", ""]
    if demo is not None:
        width = max(len(name) for name, _ in (*demo.places, *demo.logins))
        lines += [f"  {name:<{width}}  {address}{path}" for name, path in demo.places]
        lines += ["", f"  Sign in at {address}/login, password for all: {demo.password}"]
        lines += [f"  {role:<{width}}  {email}" for role, email in demo.logins]
    lines += ["", "  Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)  # noqa: T201  the terminal is the interface here


class _Interrupts:
    """Turns SIGINT, SIGTERM and SIGHUP into a flag for as long as it is entered."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.now = False

    def __enter__(self) -> "_Interrupts":
        self._before = [signal.signal(number, self._note) for number in self.SIGNALS]
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in zip(self.SIGNALS, self._before, strict=True):
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.now = True
