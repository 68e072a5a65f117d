"""What every database of Orion has: the three login roles, their rights, the contrib extensions."""

from typing import LiteralString

import psycopg
from psycopg import sql

ROLES = OWNER, APP, PLATFORM = ("orion_owner", "orion_app", "orion_platform")
EXTENSIONS = ["btree_gist", "pg_trgm", "unaccent"]
SET_ROLE: LiteralString = "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}"


def set_roles(superuser: psycopg.Connection, passwords: dict[str, str]) -> None:
    for role in ROLES:
        exists = superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if exists else "CREATE")
        superuser.execute(
            sql.SQL(SET_ROLE).format(verb, sql.Identifier(role), sql.Literal(passwords[role])),
        )
    # A migration that waits for a lock tells whose statement holds it.
    superuser.execute(_named("GRANT pg_read_all_stats TO {}", OWNER))


def create(superuser: psycopg.Connection, name: str, template: str) -> None:
    """Creates a database of orion_owner where the other roles may only connect, or mends an existing one."""
    if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        superuser.execute(_named("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, template))
    superuser.execute(_named("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
    superuser.execute(_named("GRANT CONNECT ON DATABASE {} TO {}, {}", name, APP, PLATFORM))


def add_extensions(superuser: psycopg.Connection) -> None:
    """Those of the list that this PostgreSQL has; most of them need a superuser."""
    available = "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)"
    for (name,) in superuser.execute(available, [EXTENSIONS]).fetchall():
        superuser.execute(_named("CREATE EXTENSION IF NOT EXISTS {}", name))


def drop(superuser: psycopg.Connection, name: str) -> None:
    superuser.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
