"""Where modules stand, told without Alembic: what each ships by its file names, what is applied by the database."""

import re
from pathlib import Path

from sqlalchemy import Connection, text

_FILE = re.compile(r"(?P<id>[a-z][a-z0-9_]*?_\d{4})(?:_\w+)?\.py")

_VERSION_TABLES = text("""
    SELECT namespace.nspname
    FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
    WHERE class.relname = 'alembic_version' AND class.relkind = 'r' AND namespace.nspname <> 'public'
    ORDER BY 1
""")


def shipped_revisions(folder: Path) -> list[str]:
    """Return the ids of the revisions in a ``migrations`` folder, oldest first; the last one is the module's head.

    ``Branch`` enforces what this builds on: a file's name starts with its revision's id, and ids ascend.

    Args:
        folder: A module's ``migrations`` folder.
    """
    found = (_FILE.fullmatch(path.name) for path in sorted(folder.glob("*.py")))
    return [match["id"] for match in found if match]


def applied_revisions(connection: Connection) -> dict[str, str | None]:
    """Return the current revision of every module that has a version table, installed or not.

    Args:
        connection: Of any role that may read the modules' schemas.
    """
    schemas = connection.scalars(_VERSION_TABLES).all()
    if not schemas:
        return {}
    rows = connection.execute(text(" UNION ALL ".join(map(_current, schemas))))
    return {row[0]: row[1] for row in rows}


def _current(schema: str) -> str:
    return f"""SELECT '{schema}', (SELECT version_num FROM "{schema}".alembic_version)"""  # noqa: S608  a schema's name
