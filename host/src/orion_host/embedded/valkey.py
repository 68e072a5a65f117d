"""Valkey (broker, cache, locks) as a child process: append-only file, password, only TCP on 127.0.0.1."""

import os

from orion_host.embedded.account import make_private
from orion_host.embedded.binaries import VALKEY, Program
from orion_host.embedded.server import Command, EmbeddedServer

# noeviction: jobs and locks must not vanish when memory runs out.
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {data}
appendonly yes
appendfsync {fsync}
save ""
maxmemory-policy noeviction
daemonize no
"""


class EmbeddedValkey(EmbeddedServer):
    """Valkey under ``root/valkey``."""

    kind = VALKEY
    folder_name = "valkey"

    def url(self, db: int = 0) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/{db}"

    @property
    def _password(self) -> str:
        return self._folder.passwords(["valkey"])["valkey"]

    def _bring_up(self, program: Program) -> None:
        make_private(self._folder.data, self._account)
        self._launch(program)

    def _command(self, program: Program, port: int) -> Command:
        settings = SETTINGS.format(
            port=port,
            password=self._password,
            data=_quoted(self._folder.seen_by_server("data", self._account)),
            fsync="everysec" if self._durable else "no",
        )
        # Through standard input: a password in the arguments would show in the process list.
        return Command([str(program.path), "-"], feed=os.fsencode(settings))

    def _is_ready(self) -> bool:
        """By the log: on a port lost to another program, a PING would hand that program the password."""
        return "Ready to accept connections" in self._folder.log_text()


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
