"""PostgreSQL as a child process, with Orion's roles and database in it."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from orion_host.embedded import databases
from orion_host.embedded.account import make_private
from orion_host.embedded.binaries import POSTGRES, Program
from orion_host.embedded.cluster import check_major, initdb_command, remove_stale_pid_file, write_settings
from orion_host.embedded.process import stop
from orion_host.embedded.server import Command, EmbeddedServer

DATABASE = "orion"
STATUS_LINE = 7  # of postmaster.pid, counted from 0


@dataclass(frozen=True)
class PostgresUrls:
    """SQLAlchemy addresses of one database, one for each role."""

    owner: str
    app: str
    platform: str


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL under ``root/postgres``: TCP with passwords for the roles, a socket for the superuser."""

    kind = POSTGRES
    folder_name = "postgres"

    def urls(self, database: str = DATABASE) -> PostgresUrls:
        passwords = self._folder.passwords(databases.ROLES)
        place = f"127.0.0.1:{self.port}/{quote(database, safe='')}"
        return PostgresUrls(*(f"postgresql+psycopg://{role}:{passwords[role]}@{place}" for role in databases.ROLES))

    def superuser_dsn(self, database: str = "postgres") -> str:
        """For psycopg and libpq; only the system user who started the server is let in."""
        return make_conninfo(host=str(self._sockets), port=self.port, user="postgres", dbname=database)

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Creates a database with the rights and extensions of ``orion``, or completes an existing one.

        Args:
            name: Its name.
            template: The database to copy; nobody may be connected to it.
        """
        with self._superuser() as superuser:
            databases.create(superuser, name, template)
        with self._superuser(name) as superuser:
            databases.add_extensions(superuser)

    def drop_database(self, name: str) -> None:
        """Ends the connections to a database and drops it; fine when it is not there."""
        with self._superuser() as superuser:
            databases.drop(superuser, name)

    def _end(self) -> None:
        super()._end()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _superuser(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.superuser_dsn(database), autocommit=True)

    @property
    def _sockets(self) -> Path:
        """Short, as a socket's path is limited to 107 bytes, and always the same one for a data folder."""
        name = hashlib.sha256(os.fsencode(self._folder.data.resolve())).hexdigest()[:16]
        return Path("/tmp", f"orion-{name}")  # noqa: S108 - make_private refuses a folder of another user

    def _bring_up(self, program: Program) -> None:
        if not self._folder.data.exists():
            self._initialize(program)
        check_major(self._folder.data, program)
        remove_stale_pid_file(self._folder.data)
        write_settings(self._folder, self._account, durable=self._durable)
        self._launch(program)
        self._set_up()

    def _initialize(self, program: Program) -> None:
        """Under another name until it is complete: a killed initdb leaves nothing that looks like data."""
        unfinished = self._folder.path / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self._account)
        seen = self._folder.seen_by_server(unfinished.name, self._account)
        initdb = self._spawn(Command(initdb_command(program, seen, durable=self._durable)))
        try:
            initdb.wait()
        finally:
            stop(initdb.pid, gone=lambda: initdb.poll() is not None)
        if initdb.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self._folder.failure(f"initdb ended with exit code {initdb.returncode}.")
        unfinished.rename(self._folder.data)
        self._folder.sync()

    def _command(self, program: Program, port: int) -> Command:
        make_private(self._sockets, self._account)
        data, config = (self._folder.seen_by_server(name, self._account) for name in ("data", "postgresql.conf"))
        listen = ["-h", "127.0.0.1", "-p", str(port), "-k", str(self._sockets)]
        return Command([str(program.path), "-D", data, "-c", f"config_file={config}", *listen])

    def _is_ready(self) -> bool:
        try:
            lines = (self._folder.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        status = lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""
        return lines[:1] == [str(self.pid)] and status == "ready"

    def _set_up(self) -> None:
        try:
            with self._superuser() as superuser:
                databases.set_roles(superuser, self._folder.passwords(databases.ROLES))
            self.create_database(DATABASE)
        except psycopg.Error as error:
            raise self._folder.failure(f"PostgreSQL refused its set-up: {error}.") from error
