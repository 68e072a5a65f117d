"""Makes the copy of a production database harmless, by asking every module to do its part."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from orion_core import OrionError
from orion_core.context import RequestContext, use_context
from orion_host.assembly import Assembly
from orion_host.migrations.runner import Migrator

LIVE_SECONDS = 20
"""How recently a process must have been seen to count as running."""


class NotNeutralized(OrionError):
    """The database was left as it is."""

    code = "not_neutralized"


def neutralize(
    migrator: Migrator, assembly: Assembly, keep: frozenset[str], *, force: bool = False
) -> dict[str, dict[str, int]]:
    """Neutralise the database: all modules in one transaction, or none.

    Args:
        migrator: Whose database.
        assembly: Whose modules.
        keep: E-mail addresses, in lower case, that stay.
        force: Also if processes work on it.

    Returns:
        What was done, by module: counts by phrase.

    Raises:
        NotNeutralized: If processes work on this database, or a module fails.
    """
    done: dict[str, dict[str, int]] = {}
    with migrator.locked() as connection:
        if not force:
            _refuse_live(connection)
        connection.rollback()
        with use_context(RequestContext()), Session(connection) as session, session.begin():
            for module, call in assembly.implementations("orion_neutralize"):
                try:
                    done[module] = call(session=session, keep=keep)
                    session.flush()
                except Exception as error:
                    raise NotNeutralized(f"{module} failed, and nothing was changed: {error}") from error
    return done


def database_name(migrator: Migrator) -> str:
    """Return the database's name, which a person has to type before it is changed for good."""
    return str(migrator.engine.url.database)


def _refuse_live(connection: Connection) -> None:
    if connection.scalar(text("SELECT to_regclass('core.process')")) is None:
        return
    seen = "SELECT kind || ' on ' || host FROM core.process WHERE seen_at > now() - make_interval(secs => :seconds)"
    live = connection.scalars(text(f"{seen} ORDER BY 1"), {"seconds": LIVE_SECONDS}).all()
    if live:
        raise NotNeutralized(
            f"processes work on this database ({', '.join(live)}): it is no copy. Stop them, or add --force"
        )
