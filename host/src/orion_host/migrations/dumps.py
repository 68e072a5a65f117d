"""Dumps of the whole database or of one module's schema, and their way back."""

import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from orion_core import OrionError
from orion_host.migrations.runner import Migrator
from orion_host.migrations.schemas import schema_exists
from orion_host.migrations.tools import find_tool, run_tool

HIDDEN = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = coalesce(:schema, n.nspname) AND row_security_active(c.oid)
      AND NOT EXISTS (
        SELECT FROM pg_policies p
        WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.permissive = 'PERMISSIVE'
          AND p.cmd IN ('ALL', 'SELECT') AND p.qual = 'true' AND current_user = ANY (p.roles))
    ORDER BY 1
"""
"""Tables of which the owner does not see all rows; pg_dump would leave rows out without a word."""

STRANGERS = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1 LIMIT 5
"""
"""Some relations of a database that is not empty."""

_SCHEMA = re.compile(r"^\d+; 2615 \d+ SCHEMA - (\S+)", re.MULTILINE)
_EXTENSION = re.compile(r"^\d+; \d+ \d+ (EXTENSION|COMMENT) - (EXTENSION )?\S+")


class DumpRefused(OrionError):
    """A dump would be incomplete, or there is no room for what is in it."""

    code = "dump_refused"


def new_dump_path(folder: Path, what: str) -> Path:
    """Return a file name that tells what a dump holds and when it was made.

    Args:
        folder: The installation's data folder.
        what: A module's name, or ``orion`` for all of them.
    """
    return folder / "dumps" / f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%S}.dump"


def dump(migrator: Migrator, file: Path, module: str | None = None) -> int:
    """Write a dump in PostgreSQL's custom format, readable by its owner only.

    Args:
        migrator: Whose database.
        file: A file that does not exist yet.
        module: Only this module's schema; the whole database if omitted.

    Returns:
        The file's size in bytes.

    Raises:
        DumpRefused: If the file exists, there is no such schema, or rows would be missing from the dump.
        ToolFailed: If there is no fitting pg_dump, or it fails; no file is left then.
    """
    if file.exists():
        raise DumpRefused(f"{file} exists; name another file")
    with migrator.engine.connect() as connection:
        _refuse_incomplete(connection, module)
        tool = find_tool("pg_dump", server_major(connection))
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.part")
    only = ["--schema", module] if module else []
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            os.fchmod(output.fileno(), 0o600)  # whatever a file of an earlier try has
            run_tool(tool, "--format=custom", "--enable-row-security", *only, url=migrator.url, output=output)
            os.fsync(output.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def restore(migrator: Migrator, file: Path) -> list[str]:
    """Bring back what is in a dump, all of it or nothing.

    Args:
        migrator: Whose database.
        file: Made by ``dump``.

    Returns:
        The schemas that are back.

    Raises:
        DumpRefused: If the file holds no module, one of its schemas exists, or, for a dump of the whole database,
            the database is not empty.
        ToolFailed: If there is no fitting pg_restore, or it fails.
    """
    with migrator.locked() as connection:
        tool = find_tool("pg_restore", server_major(connection))
        listing = run_tool(tool, "--list", str(file))
        schemas = _SCHEMA.findall(listing)
        _refuse_occupied(connection, file, schemas)
        connection.rollback()
        with tempfile.NamedTemporaryFile("w", suffix=".list") as chosen:
            # Extensions need a superuser; the database has them from its set-up.
            chosen.writelines(line for line in listing.splitlines(keepends=True) if not _EXTENSION.match(line))
            chosen.flush()
            options = ["--single-transaction", "--exit-on-error", "--no-owner", "--enable-row-security"]
            run_tool(tool, *options, "--use-list", chosen.name, str(file), url=migrator.url)
    return sorted(schemas)


def server_major(connection: Connection) -> int:
    """Return the major version of the server."""
    return int(connection.scalar(text("SELECT current_setting('server_version_num')::integer")) or 0) // 10_000


def refuse_unless_empty(connection: Connection, why: str) -> None:
    """Raise if a database holds anything.

    Args:
        connection: A connection of the owner.
        why: What it should be empty for.

    Raises:
        DumpRefused: With some of what it holds.
    """
    strangers = connection.scalars(text(STRANGERS)).all()
    if strangers:
        name = connection.engine.url.database
        raise DumpRefused(f"{why}, and database {name} is not empty (it has {', '.join(strangers)}): use a new one")


def _refuse_incomplete(connection: Connection, module: str | None) -> None:
    if module is not None and not schema_exists(connection, module):
        raise DumpRefused(f"there is no schema {module!r} to dump")
    hidden = connection.scalars(text(HIDDEN), {"schema": module}).all()
    if hidden:
        raise DumpRefused(
            f"the owner does not see all rows of {', '.join(hidden)}: their policies were not made by "
            "op.create_tenant_policy; see `orion db check`"
        )


def _refuse_occupied(connection: Connection, file: Path, schemas: list[str]) -> None:
    if not schemas:
        raise DumpRefused(f"{file} holds no module's schema; it was not made by `orion db dump`")
    if "core" in schemas:
        refuse_unless_empty(connection, f"{file} is a dump of a whole database")
    present = [schema for schema in schemas if schema_exists(connection, schema)]
    if present:
        raise DumpRefused(f"there is a schema {', '.join(present)} already; purge the module first")
