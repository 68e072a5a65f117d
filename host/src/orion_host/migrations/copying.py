"""A copy of the database for a rehearsal, gone afterwards: on the embedded server, or where the operator says."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url, text

from orion_core import OrionError
from orion_host.embedded import EmbeddedPostgres
from orion_host.embedded.errors import EmbeddedServerError
from orion_host.migrations.dumps import dump, refuse_unless_empty, restore
from orion_host.migrations.runner import Migrator, Report
from orion_host.settings import HostSettings


class NoPlaceForCopy(OrionError):
    """There is nowhere to put a copy."""

    code = "no_place_for_copy"


@contextmanager
def copy_of(migrator: Migrator, settings: HostSettings, on: str | None, report: Report) -> Iterator[str]:
    """Copy the database, and remove the copy at the end.

    Args:
        migrator: Whose database.
        settings: Name the embedded server's folder.
        on: URL of an empty database; without one, the embedded server makes a new one.
        report: Is told what happens.

    Yields:
        URL of the copy, as owner.

    Raises:
        NoPlaceForCopy: If the server is not embedded and no other database is named.
        DumpRefused: If the other database is not empty.
    """
    with _empty_database(settings) if on is None else _emptied_afterwards(migrator.on(on)) as url:
        if migrator.applied():
            report(f"copying {migrator.engine.url.database} to {make_url(url).database}")
            _fill(migrator.on(url), migrator)
        yield url


def _fill(copy: Migrator, migrator: Migrator) -> None:
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "copy.dump")
            dump(migrator, file)
            restore(copy, file)
    finally:
        copy.close()


@contextmanager
def _empty_database(settings: HostSettings) -> Iterator[str]:
    if HostSettings().database_url is not None:
        raise NoPlaceForCopy("make an empty database on a server of your own and name its owner's URL with --on")
    name = f"rehearsal_{uuid4().hex[:12]}"
    try:
        server = EmbeddedPostgres(settings.data_dir).attach()
    except EmbeddedServerError as error:
        raise NoPlaceForCopy(str(error)) from error
    server.create_database(name)
    try:
        yield server.urls(name).owner
    finally:
        server.drop_database(name)


@contextmanager
def _emptied_afterwards(migrator: Migrator) -> Iterator[str]:
    try:
        with migrator.engine.connect() as connection:
            refuse_unless_empty(connection, "a rehearsal needs an empty database")
        try:
            yield migrator.url
        finally:
            with migrator.locked() as connection, connection.begin():
                for schema in migrator.applied():
                    connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    finally:
        migrator.close()
