"""A module's migrations tried out: up, compared with the models, down, and up again, on a database of their own."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, create_engine, text

from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.autogenerate import differences
from orion_host.migrations.revisions import MigrationError
from orion_host.migrations.runner import Migrator

_OBJECTS = """
    SELECT n.nspname AS schema, k.kind || ' ' || k.name AS object
    FROM pg_namespace n
    JOIN (
        SELECT relnamespace AS place, relname AS name,
               CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END AS kind
        FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT pronamespace, proname, 'function' FROM pg_proc
        UNION ALL SELECT typnamespace, typname, 'type' FROM pg_type WHERE typtype IN ('e', 'd')
    ) k ON k.place = n.oid
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    UNION ALL SELECT 'public', 'extension ' || extname FROM pg_extension
"""


class Trial:
    """What became of a module's migrations.

    Args:
        module: The module.
        folders: ``migrations`` folders of what it requires and of itself, in dependency order.
        postgres: The server to try them on.
    """

    def __init__(self, module: str, folders: Mapping[str, Path], postgres: EmbeddedPostgres) -> None:
        self.module = module
        self.error = ""
        """Why they do not run."""
        self.drift: list[str] = []
        """How the models differ from the tables."""
        self.left: list[str] = []
        """What going back to before the first revision leaves."""
        self._postgres = postgres
        self._name = f"trial_{uuid4().hex[:12]}"
        below = {name: folder for name, folder in folders.items() if name != module}
        postgres.create_database(self._name, template=_base(below, postgres))
        self.urls: PostgresUrls = postgres.urls(self._name)
        self.owner: Engine = create_engine(self.urls.owner, pool_size=1)
        if module in folders:
            self._try(folders)

    def close(self) -> None:
        """Drop the database."""
        self.owner.dispose()
        self._postgres.drop_database(self._name)

    def _try(self, folders: Mapping[str, Path]) -> None:
        before = self._objects()
        try:
            migrator = Migrator(self.urls.owner, folders)
        except MigrationError as error:
            self.error = error.detail
            return
        try:
            migrator.upgrade()
            self.drift = differences(migrator).get(self.module, [])
            migrator.downgrade(self.module, None)
            mine = (self.module, "table alembic_version")
            self.left = sorted(f"{schema}: {what}" for schema, what in self._objects() - before - {mine})
            migrator.upgrade()
        except MigrationError as error:
            self.error = error.detail
        finally:
            migrator.close()

    def _objects(self) -> set[tuple[str, str]]:
        with self.owner.connect() as connection:
            return {(row.schema, row.object) for row in connection.execute(text(_OBJECTS))}


def _base(folders: Mapping[str, Path], postgres: EmbeddedPostgres) -> str:
    """Return a database in which all that the module requires is migrated, made once per server."""
    if not folders:
        return "template1"
    digest = sha256("\n".join(f"{module} {folder}" for module, folder in folders.items()).encode()).hexdigest()
    name = f"base_{digest[:12]}"
    with psycopg.connect(postgres.superuser_dsn()) as superuser:
        exists = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not exists:
        postgres.create_database(name)
        migrator = Migrator(postgres.urls(name).owner, folders)
        try:
            migrator.upgrade()
        finally:
            migrator.close()
    return name
