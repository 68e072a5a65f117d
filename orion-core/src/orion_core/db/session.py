"""Sessions and units of work: two roles, the tenant set with BEGIN, one commit at the edge."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, current_context
from orion_core.runtime import current_runtime

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
"""How long a pooled connection may rest before it is tried out; a restarted server closes them all."""


class Database:
    """The application's two ways into the database.

    ``app`` connects as a role that owns nothing, cannot bypass row-level security and sees the current tenant's
    rows only. ``platform`` connects as a second role whose policies let it see every tenant: it recognises whoever
    signs in with each request, all else it does is logged.

    Args:
        app_url: URL of the application role.
        platform_url: URL of the platform-wide role.
        pool_size: Connections kept for each role; under load as many again are opened for a moment.
    """

    def __init__(self, app_url: str, platform_url: str, *, pool_size: int = 10) -> None:
        self.app = _engine(app_url, pool_size)
        self.platform = _engine(platform_url, pool_size)

    def session(self) -> Session:
        """Return a session of the application role; its transactions see the current tenant."""
        return Session(self.app, expire_on_commit=False)

    def platform_session(self) -> Session:
        """Return a session of the platform-wide role."""
        return Session(self.platform, expire_on_commit=False)

    def close(self) -> None:
        """Close all pooled connections."""
        self.app.dispose()
        self.platform.dispose()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Run one transaction for the current tenant: commit at the end, roll back on an exception.

    Yields:
        A session of the application role.
    """
    with current_runtime().database.session() as session, session.begin():
        yield session


@contextmanager
def platform_scope(reason: str) -> Iterator[Session]:
    """Run one transaction that sees all tenants: commit at the end, roll back on an exception.

    Args:
        reason: Why this has to look beyond one tenant; it is logged.

    Yields:
        A session of the platform-wide role.
    """
    log.debug("platform_scope", reason=reason)
    with current_runtime().database.platform_session() as session, session.begin():
        yield session


def _engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_timeout=10, json_deserializer=msgspec.json.decode
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _refuse_dead)
    event.listen(engine, "checkin", _note_time)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: psycopg.Connection[Any], _record: Any) -> None:
    # psycopg then leaves BEGIN to us; commit and rollback end an open transaction as before.
    connection.autocommit = True


def _note_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _refuse_dead(connection: psycopg.Connection[Any], record: Any, _proxy: Any) -> None:
    """Have the pool replace a connection that died while idle; a busy one needs no extra round trip."""
    if time.monotonic() - record.info.get("idle_since", math.inf) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError as error:
        raise DisconnectionError from error


def _begin(connection: Connection) -> None:
    """Send BEGIN and the tenant in one message: one round trip instead of two, and past psycopg's cursors."""
    driver: Any = connection.connection.driver_connection
    result = driver.pgconn.exec_(begin_statement(current_context()).encode())
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError(f"cannot begin a transaction: {result.error_message.decode()}")


def begin_statement(context: RequestContext) -> str:
    """Return the statements that open a transaction for the tenant of ``context``.

    The values are UUIDs, hence safe to write out; sent without parameters they travel as one simple query.

    Args:
        context: Whose tenant to set; an absent id is left unset, which no policy lets through.
    """
    ids = {
        "platform": context.platform_id,
        "merchant": context.merchant_id,
        "store": context.store_id,
    }
    settings = [f"SET LOCAL orion.{name}_id = '{value}'" for name, value in ids.items() if value]
    return "; ".join(["BEGIN", *settings])
